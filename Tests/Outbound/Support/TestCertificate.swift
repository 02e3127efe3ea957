import Glibc

/// A self-made authority and a certificate of its for one name, as PEM files in a folder that goes with it.
final class TestCertificate: Sendable {
    private let files: TestFolder
    private var folder: String { files.path }
    var authority: String { folder + "/ca.pem" }
    var certificate: String { folder + "/cert.pem" }
    var key: String { folder + "/key.pem" }

    struct Failed: Error {}

    init(name: String) throws {
        files = try TestFolder()
        let script = """
            cd "$1"
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem \
              -subj /CN=test-authority -days 2
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out req.pem -subj "/CN=$2"
            printf 'subjectAltName=%s' "$2" > ext
            openssl x509 -req -in req.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out cert.pem
            """
        let process = try ChildProcess([
            "sh", "-ec", "exec 2>&1 >/dev/null; " + script, "sh", folder, name,
        ])
        guard process.wait() == 0 else { throw Failed() }
    }
}

/// A folder that goes with its last holder.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/vestibule-XXXXXX".utf8CString)
        let made = unsafe template.withUnsafeMutableBufferPointer {
            unsafe $0.baseAddress.flatMap { unsafe mkdtemp($0) }.map { unsafe String(cString: $0) }
        }
        guard let made else { throw TestCertificate.Failed() }
        path = made
    }

    deinit {
        _ = try? ChildProcess(["rm", "-rf", path]).wait()
    }
}
