# ./dev run: the whole system on this machine, and a session to paste.

service_listen=${VESTIBULE_LISTEN:-127.0.0.1:8080}
idp_listen=${DEV_IDP_LISTEN:-127.0.0.1:9000}

# What the service is started with; a value that is set already stays.
run_environment() {
    local idp=http://$idp_listen name value
    [ -s "$local_dir/encryption.key" ] || (umask 077 && openssl rand -base64 32 >"$local_dir/encryption.key")
    export VESTIBULE_LISTEN=$service_listen
    run_settings=VESTIBULE_LISTEN
    while IFS='=' read -r name value; do
        run_settings+=" $name"
        [ -n "${!name:-}" ] || export "$name=$value"
    done <<TEXT
DATABASE_URL=$(database_url vestibule_service vestibule)
DATABASE_ADMIN_URL=$(database_url vestibule_owner vestibule)
VESTIBULE_IDP_ALLOW_HTTP=true
VESTIBULE_ENCRYPTION_KEY_FILE=$local_dir/encryption.key
VESTIBULE_ACTIVE_IDP=okta
OKTA_ISSUER=$idp/okta/oauth2/default
OKTA_AUDIENCE=api://default
OKTA_CLIENT_ID=0oadevelopment
CLERK_ISSUER=$idp/clerk
CLERK_PUBLISHABLE_KEY=pk_test_development
CLERK_SECRET_KEY=sk_test_development
CLERK_API_URL=$idp/clerk-api
TEXT
}

# Issuers are part of who people are: with the IdP elsewhere, nobody in the database could log in any more.
refuse_moved_idp() {
    local before
    before=$(cat "$local_dir/dev-idp.listen" 2>/dev/null) || return 0
    [ "$before" = "$idp_listen" ] ||
        fail "the data is of a development IdP on $before: set DEV_IDP_LISTEN=$before, or begin anew with ./dev reset"
}

dev_run() {
    set_up
    need_space 40 "./dev run" "$local_dir"
    take_lock
    refuse_moved_idp
    refuse_taken "$service_listen" VESTIBULE_LISTEN "the service"
    refuse_taken "$idp_listen" DEV_IDP_LISTEN "the development IdP"
    build_release
    end_all_at_exit
    local home
    home=$(postgres_home "$local_dir/postgres") || exit 1
    begin_postgres postgres "$home"
    prepare_database
    echo "$idp_listen" >"$local_dir/dev-idp.listen"
    run_environment
    begin dev-idp TERM "$binary" dev-idp --listen "$idp_listen" --keys "$local_dir/dev-idp.keys"
    "$binary" migrate up >"$log_dir/migrate.log" 2>&1 ||
        fail "the migrations failed: $(last_words migrate)"
    await dev-idp 10 curl -fs "http://$idp_listen/clerk/.well-known/jwks.json"
    begin vestibule TERM "$binary" serve
    await vestibule 20 curl -fs "http://$service_listen/readyz"
    print_session
    wait -n "${pid_of[@]}"
    local name
    for name in "${begun[@]}"; do
        alive "$name" || fail "$name ended by itself: $(last_words "$name")"
    done
}

print_session() {
    local service=http://$service_listen idp=http://$idp_listen
    cat <<TEXT

Vestibule serves on $service, its development IdP on $idp. Paste this into another terminal:

  # an Okta-shaped access token for an e-mail; the first login of all becomes the platform owner
  OKTA=\$(curl -s '$idp/token?shape=okta&email=ada@example.com')
  curl -s -X POST -H "Authorization: Bearer \$OKTA" $service/identities/provision; echo

  # the authorizer, as nginx asks it: 200 and who it is; 401 without a token
  curl -si -H "Authorization: Bearer \$OKTA" $service/authorize/nginx
  curl -si $service/authorize/nginx; echo

  # the profile
  curl -s -H "Authorization: Bearer \$OKTA" $service/profiles/me; echo

  # a Clerk-shaped session token for somebody who was not invited: 403 invitation_required
  CLERK=\$(curl -s '$idp/token?shape=clerk&email=eve@elsewhere.example')
  curl -si -X POST -H "Authorization: Bearer \$CLERK" $service/identities/provision; echo

The console for administrators: $service/admin/ (sign in as ada@example.com).
Logs: $log_dir. ./dev psql opens the database. Ctrl-C stops everything.
TEXT
}

dev_reset() {
    [ -e "$local_dir" ] || return 0
    take_lock
    local home
    home=$(readlink -f "$local_dir/postgres")
    if [ -e "$home/data" ]; then
        clear_stale_pid "$home"
        rm -rf "$(socket_dir "$home")"
    fi
    case $home in /var/lib/vestibule-dev/*) rm -rf "$home" ;; esac
    find "$local_dir" -mindepth 1 -maxdepth 1 ! -name build.stamp ! -name lock -exec rm -rf {} + ||
        fail "no permission to delete $local_dir: run as its owner."
    say "the data is deleted"
}
