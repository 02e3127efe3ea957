import Glibc
import Outbound

/// A dnsmasq with fixed records, on loopback.
final class NameServer: Sendable {
    let address: DNSServer
    private let process: ChildProcess

    /// One server for all tests; a watcher ends it with the test process.
    static let shared = Result { try NameServer() }

    private init() throws {
        // dnsmasq can't choose a port; take one that is free now.
        let port: UInt16
        do {
            let probe = try SilentSocket()
            port = probe.address.port
        }
        address = try DNSServer("127.0.0.1:\(port)")
        var records = [
            "_vestibule.one.test,vestibule-verify=abc", "many.test,a", "many.test,b",
            "many.test,vestibule-verify=x",
            "joined.test,first ,second",
            "long.test,\(String(repeating: "l", count: 250)),\(String(repeating: "m", count: 250))",
        ]
        records += (0..<40).map { "large.test,\($0)-\(String(repeating: "x", count: 200))" }
        let options = records.map { "--txt-record='\($0)'" }.joined(separator: " ")
        let script = """
            dnsmasq --no-daemon --conf-file=/dev/null --port=\(port) --listen-address=127.0.0.1 --bind-interfaces \
              --no-resolv --no-hosts --local=/test/ --address=/refused/# --cname=alias.test,_vestibule.one.test \
              --host-record=address.test,192.0.2.1 --pid-file= --user= \(options) 2>&1 &
            pid=$!; trap 'kill $pid' EXIT; read line
            """
        process = try ChildProcess(["sh", "-c", script])
        while let line = process.line() {
            if line.contains("started") { return }
        }
        throw OddServer.NotStarted()
    }
}

/// A UDP port that takes everything and answers nothing.
final class SilentSocket: Sendable {
    let address: DNSServer
    private let descriptor: Int32

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        self.descriptor = descriptor
        var local = sockaddr_in()
        local.sin_family = sa_family_t(AF_INET)
        local.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &local) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard bound else { throw OddServer.NotStarted() }
        address = try DNSServer("127.0.0.1:\(UInt16(bigEndian: local.sin_port))")
    }

    deinit {
        close(descriptor)
    }
}
