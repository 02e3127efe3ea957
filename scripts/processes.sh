# The processes that ./dev begins, and their end.

begun=()
declare -A pid_of=() signal_of=()

# begin NAME SIGNAL COMMAND…: in the background, its output in .local/log/NAME.log.
#
# A session of its own, so that Ctrl-C and a closing terminal reach this script alone, which then ends them in
# order; and should this script be killed, the kernel sends them the signal.
begin() {
    local name=$1 signal=$2
    shift 2
    local privileges=(--pdeathsig "$signal")
    if [ -n "${begin_as:-}" ]; then
        privileges+=(--reuid "$begin_as" --regid "$(id -g "$begin_as")" --init-groups)
    fi
    (cd "${begin_in:-.}" && exec setsid setpriv "${privileges[@]}" "$@") \
        </dev/null >"$log_dir/$name.log" 2>&1 9>&- &
    pid_of[$name]=$!
    signal_of[$name]=$signal
    begun+=("$name")
}

alive() { kill -0 "${pid_of[$1]}" 2>/dev/null; }

# end NAME SECONDS: asks it to end, waits, and kills it when it does not.
end() {
    local pid=${pid_of[$1]:-} deadline=$((SECONDS + $2))
    [ -n "$pid" ] || return 0
    unset "pid_of[$1]"
    kill -s "${signal_of[$1]}" "$pid" 2>/dev/null || return 0
    while kill -0 "$pid" 2>/dev/null; do
        if [ $SECONDS -ge "$deadline" ]; then
            say "$1 did not end within $2 s and is killed"
            kill -KILL -- "-$pid" 2>/dev/null
            break
        fi
        sleep 0.05
    done
}

# Ends everything begun here, the last first.
end_all() {
    trap '' INT TERM HUP
    local position
    for ((position = ${#begun[@]} - 1; position >= 0; position--)); do
        end "${begun[position]}" 30
    done
    begun=()
    if [ -n "${scratch_dir:-}" ]; then rm -rf "$scratch_dir"; fi
}

# From now on, however this script ends, nothing is left running.
end_all_at_exit() {
    trap end_all EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
}

# await NAME SECONDS COMMAND…: until the command succeeds; fails when the process dies or the time is over.
await() {
    local name=$1 deadline=$((SECONDS + $2))
    shift 2
    until "$@" >/dev/null 2>&1; do
        alive "$name" || fail "$name ended: $(last_words "$name")"
        [ $SECONDS -lt "$deadline" ] || fail "$name does not answer: $(last_words "$name")"
        sleep 0.03
    done
}

last_words() {
    # On a full disk the log may have no room for the reason either.
    if grep -q "No space left on device" "$log_dir/$1.log" || [ "$(free_space "$log_dir")" -lt 4 ]; then
        echo "the disk is full; free some space (its log is $log_dir/$1.log)."
    else
        printf '%s' "$(tail -n 1 "$log_dir/$1.log" | cut -c 1-500) (its log is $log_dir/$1.log)"
    fi
}

# refuse_taken HOST:PORT VARIABLE WHAT
refuse_taken() {
    local host=${1%:*} port=${1##*:} holder=
    (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null || return 0
    command -v ss >/dev/null && holder=$(ss -Hltnp "sport = :$port" 2>/dev/null |
        sed -n 's/.*(("\([^"]*\)",pid=\([0-9]*\).*/ by \1, pid \2/p' | head -1)
    fail "port $port, for $3, is taken$holder: end that, or choose another with $2=$host:$((port + 1)) ./dev run"
}
