# ./dev test: every test there is, and ./dev bench.

export VESTIBULE_BINARY=$binary
failed=()

# A cluster for tests in a folder of its own, gone at the end; durability is not what they test.
# begin_scratch_postgres [SETTING…]
begin_scratch_postgres() {
    scratch_dir=$(mktemp -d /tmp/vestibule-test.XXXXXX)
    end_all_at_exit
    if [ -n "$(postgres_user)" ]; then chown postgres: "$scratch_dir"; fi
    begin_postgres test-postgres "$scratch_dir" fsync=off synchronous_commit=off full_page_writes=off \
        max_connections=300 log_min_messages=warning "$@"
    VESTIBULE_TEST_DATABASE_URL=$(database_url postgres postgres)
    export VESTIBULE_TEST_DATABASE_URL
}

# step NAME COMMAND…: shows its output and keeps it; one that fails does not keep the others from running.
step() {
    local name=$1 began=$SECONDS
    shift
    say "$name"
    "$@" 2>&1 9>&- | tee "$log_dir/test-$name.log"
    if [ "${PIPESTATUS[0]}" != 0 ]; then
        failed+=("$name")
        say "$name: failed after $((SECONDS - began)) s"
    else
        say "$name: done after $((SECONDS - began)) s"
    fi
}

make_venv() {
    local made=.venv/requirements.made
    cmp -s Tests/requirements.txt $made && return
    say "installing the tests' Python packages into .venv"
    python3 -m venv --clear .venv && .venv/bin/pip install -q --disable-pip-version-check -r Tests/requirements.txt &&
        cp Tests/requirements.txt $made || fail "pip could not install Tests/requirements.txt: its message is above."
}

python_tests() {
    rm -rf "$log_dir/services" && mkdir -p "$log_dir/services"
    VESTIBULE_TEST_LOGS=$log_dir/services .venv/bin/python -m pytest -q -p no:cacheprovider Tests/EndToEnd Tests/Gateways "$@"
}

dev_test() {
    set_up
    install_packages "${test_packages[@]}"
    need_space 3000 "a build with all tests" "$root"
    take_lock
    make_venv
    build_release
    begin_scratch_postgres
    step lint lint format-only
    step build swift build --build-tests
    step swift swift test --skip-build --no-parallel --disable-xctest
    if [ -x Tests/Database/run ]; then step database Tests/Database/run; fi
    step python python_tests "$@"
    # A part of the tests may leave no logs to read.
    [ $# -gt 0 ] || step leaks .venv/bin/python Tests/EndToEnd/harness/leaks.py "$log_dir/services"
    end_all
    closing_counts
    if [ ${#failed[@]} -gt 0 ]; then fail "failed: ${failed[*]}"; fi
}

# The runners' own last words, together.
closing_counts() {
    echo
    sed 's/\x1b\[[0-9;]*m//g' "$log_dir/test-swift.log" | grep -E 'Test run with [0-9]+ tests?' | tail -1
    if [ -e "$log_dir/test-database.log" ]; then tail -3 "$log_dir/test-database.log"; fi
    tail -1 "$log_dir/test-python.log"
}

# dev_bench [NAME [ARGUMENT…]]: one benchmark with its arguments, or all but those that take many minutes.
# dev_bench --check: what doesn't depend on how busy the machine is: instructions a request against thresholds.
dev_bench() {
    local benchmark wanted=()
    if [ -x "Tests/Benchmarks/${1:-.}/run" ]; then
        wanted=("Tests/Benchmarks/$1/run")
        shift
    elif [ "${1:-}" = --check ]; then
        wanted=(Tests/Benchmarks/instructions/run)
        shift
    else
        for benchmark in Tests/Benchmarks/*/run; do
            # The first two take many minutes, the last is made of the rest.
            case $benchmark in */peers/run | */fleet/run | */quiet/run) ;; *) wanted+=("$benchmark") ;; esac
        done
    fi
    set_up
    install_packages "${test_packages[@]}" wrk nghttp2-client valgrind
    take_lock
    make_venv
    build_release
    # A quarter of the memory, as PostgreSQL's manual begins with for a server, but no more than 2 GB.
    local memory
    memory=$(awk '/^MemTotal/ { mib = int($2 / 4096); print mib < 2048 ? mib : 2048 }' /proc/meminfo)
    begin_scratch_postgres "shared_buffers=${memory}MB" max_wal_size=8GB
    for benchmark in "${wanted[@]}"; do
        [ -x "$benchmark" ] || continue
        say "$benchmark"
        "$benchmark" "$@" 9>&- || failed+=("$benchmark")
    done
    if [ ${#failed[@]} -gt 0 ]; then fail "failed or too slow: ${failed[*]}"; fi
}

# dev_reliability NAME [ARGUMENT…]: crashes, faults, load or soak, which bring what they need along.
dev_reliability() {
    local name=$1
    shift
    set_up
    install_packages "${test_packages[@]}"
    take_lock
    make_venv
    build_release
    "Tests/Reliability/$name/run" "$@" 9>&- || fail "the $name left something behind: see above."
}

dev_image() {
    set_up
    install_packages "${test_packages[@]}" buildah debootstrap
    need_space 4000 "an image with its bases" "$root"
    take_lock
    make_venv
    Tests/Containers/run 9>&- || fail "the image was not built, or does not work: see above."
}

dev_backup() {
    set_up
    install_packages "${test_packages[@]}"
    take_lock
    make_venv
    build_release
    Tests/Reliability/backup/run "$@" 9>&- || fail "not everything came back: see above."
}

# dev_fuzz [NAME…] [--seconds N]: a minute for each parser, or for those named.
dev_fuzz() {
    set_up
    install_packages "${test_packages[@]}"
    take_lock
    Tests/Fuzz/run "$@" 9>&- || fail "the fuzzers found something: see above."
}

# dev_sanitize address|thread [swift|service] [OPTION…]: everything built anew with that sanitizer, and tested.
dev_sanitize() {
    set_up
    install_packages "${test_packages[@]}"
    need_space 3000 "a build with all tests" "$root"
    take_lock
    make_venv
    begin_scratch_postgres
    Tests/Sanitizers/run "$@" 9>&- || fail "the sanitizer found something, or a test failed: see above."
}
