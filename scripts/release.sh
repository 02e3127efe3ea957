# ./dev release: what is given to users, the same bytes from the same commit, wherever it is built.

release_usage="./dev release [--verify] [--binary FILE] [--into FOLDER]"

# The one place where the version stands.
release_version() { sed -n 's/.*static let version = "\([^"]*\)".*/\1/p' "$root/Sources/vestibule/Vestibule.swift"; }

# build_reproducibly FOLDER: the commit's sources are built there; the program is FOLDER/vestibule.
#
# What would differ: paths in the program (mapped), debug information with the paths of module caches (left out), the
# linker's id over it, and a section that only serves linking at run time (both taken away). One construct must not be in
# the sources: withoutActuallyEscaping, whose check carries the length of its file's path, which is not mapped.
build_reproducibly() {
    mkdir -p "$1/source" && git -C "$root" archive HEAD | tar -x -C "$1/source" || fail "the commit can't be read in $root."
    say "building in $1 (release; takes some minutes)"
    (
        cd "$1/source" && swift build -c release --product vestibule --static-swift-stdlib \
            -Xswiftc -file-prefix-map -Xswiftc "$1/source=/vestibule" -Xcc "-ffile-prefix-map=$1/source=/vestibule" \
            -Xswiftc -gnone -Xlinker --build-id=none >"$1/build.log" 2>&1
    ) || fail "the build failed: $(tail -n 1 "$1/build.log") (its log is $1/build.log)."
    objcopy --strip-all -R .swift_modhash -R .comment "$1/source/.build/release/vestibule" "$1/vestibule"
}

# differing_objects FOLDER FOLDER: the object files of two builds whose code is not the same, for whoever looks for the cause.
differing_objects() {
    local folder object
    (cd "$1/source/.build/release" && find . -name '*.o' | sort) | while read -r object; do
        for folder in "$@"; do
            objcopy --strip-debug -R .swift_modhash -R .comment "$folder/source/.build/release/$object" "$folder/object"
        done
        cmp -s "$1/object" "$2/object" || say "they differ in $object"
    done
}

# pack_release PROGRAM FOLDER: tarball, bill of materials and checksums.
pack_release() {
    local version name epoch work
    version=$(release_version)
    name=vestibule-$version-linux-$(uname -m)
    epoch=$(git -C "$root" log -1 --format=%ct) || fail "$root is no checkout: a release is made from a commit."
    [ "$("$1" version)" = "vestibule $version" ] || fail "$1 is not version $version, but $("$1" version)."
    work=$(mktemp -d)
    mkdir -p "$2" "$work/$name"
    git -C "$root" archive HEAD Migrations Console Config docs ./*.md LICENSE NOTICE | tar -x -C "$work/$name" ||
        fail "the commit can't be read in $root."
    install -m 755 "$1" "$work/$name/vestibule"
    python3 -B "$root/scripts/sbom.py" "$work/$name/vestibule" "$version" "$epoch" >"$2/$name.spdx.json" ||
        fail "the bill of materials could not be written."
    # Sorted, of nobody, of the commit's time, without what differs between machines.
    tar --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mode=u+rwX,go+rX,go-w --mtime="@$epoch" \
        -C "$work" -cf - "$name" | gzip -n >"$2/$name.tar.gz"
    (cd "$2" && sha256sum "$name.spdx.json" "$name.tar.gz" >SHA256SUMS)
    rm -rf "$work"
}

dev_release() {
    local verify= program= into=$local_dir/release folder
    while [ $# -gt 0 ]; do
        case $1 in
            --verify) verify=1 ;;
            --binary) program=$2 && shift ;;
            --into) into=$2 && shift ;;
            *) fail "$1 is not understood: $release_usage" ;;
        esac
        shift
    done
    check_toolchain
    make_local
    case $into in /*) ;; *) into=$OLDPWD/$into ;; esac
    [ -z "$(git -C "$root" status --porcelain)" ] || say "the release is of the commit: changes that are not in it are left out"
    scratch_dir=$(realpath "$(mktemp -d /tmp/vestibule-release.XXXXXX)")
    end_all_at_exit
    rm -rf "$into"
    if [ -z "$program" ]; then
        need_space 3000 "a release" "$scratch_dir"
        build_reproducibly "$scratch_dir/first"
        program=$scratch_dir/first/vestibule
    fi
    pack_release "$program" "$into"
    if [ -n "$verify" ]; then
        folder=$scratch_dir/elsewhere,-and-longer
        # As another person would on another machine: one processor, and their own settings.
        (
            umask 077
            export TZ=Asia/Tokyo LC_ALL=C
            taskset -p -c "$(taskset -p -c $BASHPID | sed 's/.*: //; s/[-,].*//')" $BASHPID >/dev/null
            build_reproducibly "$folder"
            pack_release "$folder/vestibule" "$folder/release"
        ) || exit 1
        if ! diff -r "$into" "$folder/release" >&2; then
            [ "$program" != "$scratch_dir/first/vestibule" ] || differing_objects "$scratch_dir/first" "$folder"
            fail "two builds in two folders differ: this is no reproducible release."
        fi
        say "built twice, in two folders: the same bytes"
    fi
    cat "$into/SHA256SUMS"
    say "in $into"
}
