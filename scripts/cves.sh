# ./dev cves: the libraries that the program uses, and what is known against the versions that are installed.

# The Debian packages of everything that the program loads, a line each: source, package, version.
linked_packages() {
    local file
    ldd "$binary" | awk '/=> \//{print $3}' | xargs -n1 readlink -f | sed 's,^/usr,,' | while read -r file; do
        dpkg-query -S "*$file" 2>/dev/null
    done | cut -d: -f1 | sort -u | xargs dpkg-query -W -f '${source:Package} ${Package} ${Version}\n'
}

# Packages for which the mirrors have a newer version than the one that is installed.
waiting_updates() {
    local source package version candidate
    while read -r source package version; do
        candidate=$(apt-cache policy "$package" | sed -n 's/^  Candidate: //p')
        if [ -n "$candidate" ] && dpkg --compare-versions "$candidate" gt "$version"; then
            echo "$package $version: $candidate is there; apt-get install --only-upgrade $package"
        fi
    done
}

# Ends with 1 when an update waits or a known hole has been mended in Debian and not here, with 3 when nobody could be asked.
dev_cves() {
    local suite packages updates answer wanted code=0
    build_release
    install_packages debsecan
    suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
    packages=$(linked_packages)
    say "linked, by Debian source, package and version"
    echo "$packages"
    say "updates that wait, by the mirrors' lists of $(date -r /var/lib/apt/lists +%F) (apt-get update makes them anew)"
    updates=$(waiting_updates <<<"$packages")
    echo "${updates:-none}"
    [ -z "$updates" ] || code=1
    say "known holes in these versions, by Debian's security tracker for $suite"
    wanted=$(cut -d' ' -f2 <<<"$packages")
    if ! answer=$(timeout 120 debsecan --suite "$suite" --format summary 2>&1); then
        say "the tracker could not be asked: $(tail -1 <<<"$answer"). Nothing is known of holes; ask again where there is a network."
        return 3
    fi
    answer=$(awk 'NR == FNR {wanted[$1]; next} $2 in wanted' <(echo "$wanted") <(echo "$answer"))
    echo "${answer:-none}"
    if grep -q '(fixed' <<<"$answer"; then code=1; fi
    return $code
}
