#!/bin/sh
# collect.sh ROOT: puts beside ROOT/usr/bin/vestibule what it needs of this Debian: its libraries with the loader, the
# authorities, a user, and for scanners the names of the packages that all of that comes from.
set -eu
root=$1

# Debian's /lib is a link into /usr, in the image as well.
mkdir -p "$root/usr/lib" "$root/usr/lib64" "$root/etc/ssl/certs" "$root/var/lib/dpkg/status.d" "$root/var/lib/vestibule"
ln -s usr/lib "$root/lib"
ln -s usr/lib64 "$root/lib64"

ldd "$root/usr/bin/vestibule" >/tmp/libraries
if grep 'not found' /tmp/libraries; then exit 1; fi
sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/[^ ]*ld-linux[^ ]*\) .*/\1/p' /tmp/libraries | sort -u |
    while read -r library; do
        # Where the loader looks for it, with what the link there points at.
        install -D -m 755 "$(readlink -f "$library")" "$root/usr/${library#/usr/}"
        package=$(dpkg -S "$(readlink -f "$library")" 2>/dev/null || dpkg -S "$library" 2>/dev/null ||
            dpkg -S "${library#/usr}" || dpkg -S "/usr$library")
        package=${package%%:*}
        dpkg -s "$package" >"$root/var/lib/dpkg/status.d/$package"
    done

cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
# Where OpenSSL looks for them.
mkdir -p "$root/usr/lib/ssl"
ln -s /etc/ssl/certs/ca-certificates.crt "$root/usr/lib/ssl/cert.pem"
dpkg -s ca-certificates >"$root/var/lib/dpkg/status.d/ca-certificates"
cp /etc/debian_version "$root/etc/"
cp /usr/lib/os-release "$root/etc/os-release"
echo 'vestibule:x:65532:65532:Vestibule:/var/lib/vestibule:/usr/bin/vestibule' >"$root/etc/passwd"
echo 'vestibule:x:65532:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
# Keys of the development identity provider; a volume there gets this owner.
chown 65532:65532 "$root/var/lib/vestibule"
chmod 700 "$root/var/lib/vestibule"
