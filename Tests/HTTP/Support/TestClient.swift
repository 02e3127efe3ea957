import Glibc

/// A plain blocking socket, so that tests decide about every byte.
final class TestClient {
    let rawDescriptor: Int32
    private var descriptor: Int32 { rawDescriptor }
    private var received: [UInt8] = []

    /// Connects to the port of this machine. Reads give up after `patience` seconds.
    init(_ port: UInt16, patience: Int = 10, receiveBuffer: Int32? = nil) throws {
        rawDescriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer { _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4) }
        var time = timeval(tv_sec: patience, tv_usec: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw ClientError.failed("connect: errno \(errno)") }
    }

    deinit {
        close(descriptor)
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Tells the server that nothing more comes.
    func endSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// More bytes; none when the server has ended its side.
    func receiveSome() throws -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = unsafe read(descriptor, &chunk, chunk.count)
        if count < 0 { throw ClientError.failed(errno == EAGAIN ? "nothing came in time" : "read: errno \(errno)") }
        return Array(chunk[..<count])
    }

    /// All bytes until the server ends its side.
    func receiveAll() throws -> String {
        while true {
            let more = try receiveSome()
            if more.isEmpty { break }
            received += more
        }
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// The next response; without a body where `isHead`.
    func response(isHead: Bool = false) throws -> Reply {
        while true {
            if let reply = Reply.first(in: &received, isHead: isHead) { return reply }
            let more = try receiveSome()
            if more.isEmpty { throw ClientError.ended }
            received += more
        }
    }

    /// Whether the server has ended the connection, with nothing more said.
    func isEnded() throws -> Bool {
        guard received.isEmpty else { return false }
        return try receiveSome().isEmpty
    }
}

enum ClientError: Error, Equatable {
    case ended
    case failed(String)
}

/// One response, taken apart.
struct Reply: Equatable {
    var status: Int
    /// Names in lower case.
    var fields: [(name: String, value: String)]
    var body: String

    func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    func fields(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    static func == (left: Reply, right: Reply) -> Bool {
        left.status == right.status && left.body == right.body
            && left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
    }

    static func first(in bytes: inout [UInt8], isHead: Bool) -> Reply? {
        let text = String(decoding: bytes, as: Unicode.ASCII.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        let status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
        let fields = lines.dropFirst().map { line -> (name: String, value: String) in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (parts[0].lowercased(), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
        }
        let headCount = text.utf8.distance(from: text.startIndex, to: end.upperBound)
        let length = fields.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        let bodyCount = isHead ? 0 : length
        guard bytes.count >= headCount + bodyCount else { return nil }
        let body = String(decoding: bytes[headCount..<headCount + bodyCount], as: UTF8.self)
        bytes.removeFirst(headCount + bodyCount)
        return Reply(status: status, fields: fields, body: body)
    }
}
