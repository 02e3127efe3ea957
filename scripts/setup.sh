# The toolchain, the Debian packages, the builds.

swift_needed=6.3
binary=$root/.build/release/vestibule
build_stamp=$local_dir/build.stamp

packages=(
    build-essential pkg-config curl openssl libssl-dev libjwt-dev libpq-dev libjansson-dev libcurl4-openssl-dev
    libc-ares-dev libhiredis-dev postgresql postgresql-client
)
test_packages=(
    nginx haproxy caddy wrk dnsmasq pgbouncer redis-server pgtap libcjose-dev libtap-parser-sourcehandler-pgtap-perl
    python3 python3-venv chromium fonts-dejavu-core nodejs node-typescript prometheus systemd jq bubblewrap
    gettext-base iproute2 faketime
)

check_toolchain() {
    local where="see https://www.swift.org/install/linux/, and put its usr/bin on PATH"
    command -v swift >/dev/null || fail "the Swift toolchain is missing: install Swift $swift_needed or newer ($where)."
    swift_version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p')
    [ "$(printf '%s\n' "$swift_needed" "$swift_version" | sort -V | head -1)" = "$swift_needed" ] ||
        fail "the Swift toolchain on PATH is ${swift_version:-unreadable}: install Swift $swift_needed or newer ($where)."
}

# install_packages NAME…: those of them that are missing; root is asked for only then.
install_packages() {
    command -v dpkg-query >/dev/null || fail "this is no Debian: install the equivalents of $* and put them on PATH."
    local name missing=() have
    have=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p')
    for name in "$@"; do grep -qxF "$name" <<<"$have" || missing+=("$name"); done
    [ ${#missing[@]} -eq 0 ] && return
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail "Debian packages are missing: as root, apt-get install ${missing[*]}"
        say "sudo is asked for, to install Debian packages: ${missing[*]}"
        as_root=(sudo)
    else
        say "installing Debian packages: ${missing[*]}"
    fi
    "${as_root[@]}" bash "$root/scripts/install-packages.sh" "${missing[@]}" ||
        fail "apt-get could not install ${missing[*]}: its own message is above."
}

set_up() {
    check_toolchain
    make_local
    install_packages "${packages[@]}"
}

# Nothing to do when no source is newer than the last good build: that costs 10 ms, swift build 1 s and more.
build_release() {
    if [ -x "$binary" ] && [ "$(cat "$build_stamp" 2>/dev/null)" = "$swift_version" ] &&
        [ -z "$(find Sources Package.swift -newer "$build_stamp" -print -quit)" ]; then
        return
    fi
    if [ -x "$binary" ]; then need_space 300 "a build" "$root"; else need_space 1500 "the first build" "$root"; fi
    [ -w . ] || fail "no permission to write $root: run as its owner ($(stat -c %U "$root")), or change its owner."
    say "building (release; the first time takes some minutes)"
    rm -f "$build_stamp"
    printf '%s\n' "$swift_version" >"$build_stamp.next"
    swift build -c release --product vestibule >&2 || fail "the build failed: the compiler's message is above."
    mv "$build_stamp.next" "$build_stamp"
}

lint() {
    swift format lint --strict -r -p Sources Tests Package.swift || return 1
    bash -n dev scripts/*.sh || return 1
    if [ "${1:-}" != format-only ]; then swift test --filter ArchitectureTests || return 1; fi
    say "lint: clean"
}
