# A private PostgreSQL: a unix socket that only its owner (and root) reaches, never a port.

# The newest installed server; a data folder is opened by the version that made it.
postgres_bin() {
    local wanted=*
    if [ -s "$1/data/PG_VERSION" ]; then
        wanted=$(cat "$1/data/PG_VERSION")
        [ -x "/usr/lib/postgresql/$wanted/bin/postgres" ] ||
            fail "the data was made by PostgreSQL $wanted, which is not installed: install postgresql-$wanted, or ./dev reset"
    fi
    # shellcheck disable=SC2086
    ls -d /usr/lib/postgresql/$wanted/bin 2>/dev/null | sort -V | tail -1
}

# The server refuses to run as root: then it runs as Debian's user of that name.
postgres_user() { if [ "$(id -u)" = 0 ]; then echo postgres; fi; }

as_postgres() {
    if [ -z "$(postgres_user)" ]; then
        "$@"
    else
        (cd / && setpriv --reuid postgres --regid "$(id -g postgres)" --init-groups -- "$@")
    fi
}

# postgres_home WANTED: the folder itself, or where the server's user can't reach it (a checkout below /root)
# one that it can, with a link to it.
postgres_home() {
    local wanted=$1 real
    if [ ! -e "$wanted" ]; then
        mkdir -p "$wanted" 2>/dev/null || fail "no permission to make $wanted: run as the owner of $root."
        if [ -n "$(postgres_user)" ]; then
            if ! as_postgres test -x "$wanted"; then
                rmdir "$wanted"
                real=/var/lib/vestibule-dev/$(checkout_id)
                mkdir -p "$real" && ln -s "$real" "$wanted" || fail "no permission to make $real."
            fi
            chown postgres: "$(readlink -f "$wanted")"
        fi
        chmod 700 "$(readlink -f "$wanted")"
    fi
    readlink -f "$wanted"
}

# A socket's path may have 107 bytes, and stands in a URI: elsewhere when this one is too long or odd.
socket_dir() {
    local dir=$1/socket
    if [ ${#dir} -gt 90 ] || [[ $dir =~ [^A-Za-z0-9/._-] ]]; then
        dir=/tmp/vestibule-$(id -u)-$(printf '%s' "$1" | cksum | cut -d' ' -f1)
    fi
    as_postgres mkdir -p -m 700 "$dir" && as_postgres test -O "$dir" ||
        fail "$dir belongs to somebody else: remove it."
    echo "$dir"
}

# A crash leaves a pid file behind; the number in it may be another program's by now, which the server can't tell.
clear_stale_pid() {
    local file=$1/data/postmaster.pid pid
    [ -s "$file" ] || return 0
    pid=$(head -1 "$file")
    if [ "$(readlink -f "/proc/$pid/cwd" 2>/dev/null)" = "$1/data" ]; then
        say "ending a PostgreSQL that an earlier run left behind (pid $pid)"
        kill -INT "$pid"
        while [ -e "$file" ] && kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
    fi
    rm -f "$file"
}

# begin_postgres NAME HOME SETTING…: makes the cluster the first time, starts it, sets `socket`.
begin_postgres() {
    local name=$1 home=$2 bin setting arguments=()
    shift 2
    bin=$(postgres_bin "$home") && [ -n "$bin" ] || fail "no PostgreSQL server below /usr/lib/postgresql."
    socket=$(socket_dir "$home") || exit 1
    if [ ! -s "$home/data/PG_VERSION" ]; then
        need_space 100 "a new database" "$home"
        say "making a PostgreSQL cluster"
        as_postgres rm -rf "$home/data"
        as_postgres "$bin/initdb" -D "$home/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-instructions \
            >"$log_dir/initdb.log" 2>&1 || { rm -rf "$home/data"; fail "initdb: $(last_words initdb)"; }
    fi
    clear_stale_pid "$home"
    for setting in "$@"; do arguments+=(-c "$setting"); done
    begin_as=$(postgres_user) begin_in=/ begin "$name" INT "$bin/postgres" -D "$home/data" -c listen_addresses= \
        -c unix_socket_directories="$socket" -c unix_socket_permissions=0700 "${arguments[@]}"
    await "$name" 30 "$bin/pg_isready" -q -h "$socket"
}

# database_url ROLE DATABASE
database_url() { echo "postgresql://$1@/$2?host=$socket"; }

# The database of ./dev run: an owner for migrations, and a login that is a member of service_role and no more.
prepare_database() {
    [ -e "$local_dir/database.made" ] && return
    say "making the database and its roles"
    psql -X -q -v ON_ERROR_STOP=1 "$(database_url postgres postgres)" -f "$root/Config/postgres/roles.sql" ||
        fail "the database could not be made: psql's message is above."
    psql -X -q -v ON_ERROR_STOP=1 "$(database_url postgres postgres)" -tc \
        "SELECT 1 FROM pg_database WHERE datname = 'vestibule'" | grep -q 1 ||
        createdb -h "$socket" -U postgres -O vestibule_owner vestibule || fail "the database could not be made."
    : >"$local_dir/database.made"
}

dev_psql() {
    local home=$local_dir/postgres
    [ -e "$home" ] || fail "there is no database yet: ./dev run makes it."
    home=$(readlink -f "$home")
    socket=$(socket_dir "$home") || exit 1
    if [ ! -S "$socket/.s.PGSQL.5432" ] || ! psql -X -q "$(database_url postgres vestibule)" -c "" 2>/dev/null; then
        take_lock
        end_all_at_exit
        begin_postgres postgres "$home"
    fi
    psql "$(database_url postgres vestibule)" "$@"
}
