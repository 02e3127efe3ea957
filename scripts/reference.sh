# docs/reference, and what another terminal needs.

dev_reference() {
    set_up
    build_release
    python3 -B scripts/reference.py "$@" "$binary"
}

# Settings for commands beside `./dev run`: those of its service, `vestibule` on PATH, and where things are.
dev_env() {
    local home=$local_dir/postgres name
    [ -e "$home" ] || fail "there is nothing to look at yet: ./dev run first, in another terminal."
    socket=$(socket_dir "$(readlink -f "$home")") || exit 1
    # Where the data says that its identity provider is.
    [ ! -s "$local_dir/dev-idp.listen" ] || idp_listen=$(cat "$local_dir/dev-idp.listen")
    run_environment
    for name in $run_settings; do printf 'export %s=%q\n' "$name" "${!name}"; done
    printf 'export PATH=%q:$PATH\n' "$root/.build/release"
    printf 'SERVICE=http://%s IDP=http://%s\n' "$service_listen" "$idp_listen"
}
