# The function as AWS Lambda takes it: a zip with `bootstrap`, every library that it needs, and the loader itself.

# Lambda unpacks here, and has lib/ in LD_LIBRARY_PATH.
lambda_root=/var/task

# The loader of the image is older than the libraries; its own one is named in the program. The name is shorter than
# the former, so that it fits into its place.
name_loader() {
    python3 - "$1" "$lambda_root/lib/ld.so" <<'PYTHON'
import struct, sys
path, loader = sys.argv[1], sys.argv[2].encode() + b"\0"
with open(path, "r+b") as file:
    head = file.read(64)
    assert head[:5] == b"\x7fELF\x02", "no 64-bit ELF"
    start, = struct.unpack_from("<Q", head, 32)
    size, count = struct.unpack_from("<HH", head, 54)
    for number in range(count):
        file.seek(start + number * size)
        entry = file.read(size)
        kind, = struct.unpack_from("<I", entry)
        offset, = struct.unpack_from("<Q", entry, 8)
        length, = struct.unpack_from("<Q", entry, 32)
        if kind == 3:
            assert len(loader) <= length, "the loader's name does not fit"
            file.seek(offset)
            file.write(loader.ljust(length, b"\0"))
            break
    else:
        sys.exit("the program names no loader")
PYTHON
}

# lambda_package: makes .local/lambda.zip and starts it in an empty root, where a missing file would be missed.
lambda_package() {
    local folder=$local_dir/lambda zip=$local_dir/lambda.zip loader library
    rm -rf "$folder" "$zip"
    mkdir -p "$folder$lambda_root/lib" "$folder/tmp" || fail "no permission to write $folder."
    install -m 755 "$binary" "$folder$lambda_root/bootstrap"
    strip "$folder$lambda_root/bootstrap"
    loader=$(ldd "$binary" | awk '$1 ~ /\/ld-linux/ { print $1 }')
    for library in $(ldd "$binary" | awk '$2 == "=>" { print $3 }'); do
        install -m 755 "$library" "$folder$lambda_root/lib/"
    done
    install -m 755 "$loader" "$folder$lambda_root/lib/ld.so"
    name_loader "$folder$lambda_root/bootstrap" || fail "the program's loader could not be named."
    # The image keeps its authorities elsewhere than Debian.
    install -m 644 /etc/ssl/certs/ca-certificates.crt "$folder$lambda_root/certificates.pem"
    prove_lambda "$folder"
    (cd "$folder$lambda_root" && python3 - "$zip" <<'PYTHON'
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
    for folder, _, names in sorted(os.walk(".")):
        for name in sorted(names):
            archive.write(os.path.join(folder, name))
PYTHON
    ) || fail "the zip could not be written."
    say "$zip ($(du -h "$zip" | cut -f1)): runtime provided.al2023, architecture $(uname -m)"
}

prove_lambda() {
    local output
    if [ "$(id -u)" != 0 ]; then
        say "not started in an empty root: that needs root"
        return
    fi
    # As Lambda starts it, without a word; what it says about its surroundings shows that it runs.
    output=$(AWS_LAMBDA_RUNTIME_API=nowhere LD_LIBRARY_PATH=$lambda_root/lib chroot "$1" "$lambda_root/bootstrap" 2>&1)
    case $output in
        *"AWS_LAMBDA_RUNTIME_API is no host:port"*) say "starts in an empty root" ;;
        *) fail "the package does not start in an empty root: $output" ;;
    esac
}
