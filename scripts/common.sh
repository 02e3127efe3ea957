# What every part of ./dev uses: messages, the local folder, free space.

local_dir=$root/.local
log_dir=$local_dir/log

# A step, for the reader to see what takes the time.
say() { printf '%s\n' "• $*" >&2 || true; }

# The one sentence that says what is wrong and how to mend it.
fail() {
    printf '%s\n' "./dev: $*" >&2
    exit 1
}

# .local holds everything that ./dev makes besides builds; only its owner may look inside.
make_local() {
    mkdir -p "$log_dir" 2>/dev/null && [ -w "$log_dir" ] ||
        fail "no permission to write $local_dir: run as the folder's owner ($(stat -c %U "$root")), or change its owner."
    chmod 711 "$local_dir" 2>/dev/null || true
}

# Free megabytes on the disk of a folder.
free_space() { df -Pm "$1" | awk 'NR == 2 { print $4 }'; }

# need_space MEGABYTES WHAT FOLDER: a full disk is told before it breaks something half way.
need_space() {
    local free
    free=$(free_space "$3")
    [ "$free" -ge "$1" ] || fail "only $free MB are free on the disk of $3, $2 needs $1: free some space."
}

# A short name for this checkout, for folders outside of it.
checkout_id() { printf '%s' "$root" | cksum | cut -d' ' -f1; }

# One run at a time in a checkout. The kernel lets go of the lock when the holder dies, so it is never stale.
take_lock() {
    exec 9>>"$local_dir/lock" || fail "no permission to write $local_dir/lock."
    flock -n 9 || fail "./dev already runs in this folder (pid $(cat "$local_dir/lock")): end it with Ctrl-C there first."
    echo $$ >"$local_dir/lock"
}
