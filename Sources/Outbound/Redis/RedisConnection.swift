internal import Base
internal import CHiredis
internal import Glibc

/// One blocking connection to a Redis server. Every call ends within its time. Confined to one thread.
@safe final class RedisConnection {
    /// The longest that connecting, and one answer, may take.
    static let patience = (connect: Duration.seconds(1), answer: Duration.milliseconds(250))

    private let context: UnsafeMutablePointer<redisContext>

    /// Connects, signs in and chooses the database.
    init(_ url: RedisURL) throws(RedisError) {
        let limit = Self.time(Self.patience.connect)
        let made: UnsafeMutablePointer<redisContext>?
        switch url.place {
        case .network(let host, let port): unsafe made = redisConnectWithTimeout(host, Int32(port), limit)
        case .socket(let path): unsafe made = redisConnectUnixWithTimeout(path, limit)
        }
        guard let made = unsafe made else { throw RedisError("no memory") }
        unsafe context = made
        guard unsafe made.pointee.err == 0, unsafe redisSetTimeout(made, Self.time(Self.patience.answer)) == REDIS_OK
        else { throw failure() }
        if let password = url.password {
            let secret = password.withBytes { bytes in bytes.indices.map { bytes[$0] } }
            let words = url.user.map { [Array("AUTH".utf8), Array($0.utf8), secret] } ?? [Array("AUTH".utf8), secret]
            _ = try ask(words)
        }
        if url.database != 0 { _ = try ask([Array("SELECT".utf8), Array(String(url.database).utf8)]) }
    }

    deinit {
        unsafe redisFree(context)
    }

    /// An answer of the server; others than these count as failures.
    enum Reply {
        case text(String)
        case integers([Int64])
        case other
    }

    /// Sends a command and waits for its answer.
    func ask(_ words: [[UInt8]]) throws(RedisError) -> Reply {
        try send(words)
        return try receive()
    }

    /// Puts a command into the buffer that goes out with the next ``receive()``.
    func send(_ words: [[UInt8]]) throws(RedisError) {
        let lengths = words.map(\.count)
        let all = words.flatMap(\.self)
        let sent = unsafe all.withUnsafeBufferPointer { bytes in
            var place = 0
            var pointers: [UnsafePointer<CChar>?] = unsafe []
            for length in lengths {
                let start = unsafe bytes.baseAddress.map { unsafe UnsafeRawPointer($0 + place) }
                unsafe pointers.append(start?.assumingMemoryBound(to: CChar.self))
                place += length
            }
            return unsafe redisAppendCommandArgv(context, Int32(words.count), &pointers, lengths)
        }
        guard sent == REDIS_OK else { throw failure() }
    }

    /// The answer to the oldest command that has none yet.
    func receive() throws(RedisError) -> Reply {
        var raw: UnsafeMutableRawPointer?
        guard unsafe redisGetReply(context, &raw) == REDIS_OK, let raw = unsafe raw else { throw failure() }
        defer { unsafe freeReplyObject(raw) }
        let reply = unsafe raw.assumingMemoryBound(to: redisReply.self)
        switch unsafe reply.pointee.type {
        case REDIS_REPLY_ERROR: throw RedisError(unsafe Self.text(reply) ?? "error")
        case REDIS_REPLY_STRING, REDIS_REPLY_STATUS: return .text(unsafe Self.text(reply) ?? "")
        case REDIS_REPLY_ARRAY:
            var numbers: [Int64] = []
            for place in 0..<Int(unsafe reply.pointee.elements) {
                guard let element = unsafe reply.pointee.element[place],
                    unsafe element.pointee.type == REDIS_REPLY_INTEGER
                else { return .other }
                numbers.append(unsafe element.pointee.integer)
            }
            return .integers(numbers)
        default: return .other
        }
    }

    private func failure() -> RedisError {
        let words = unsafe withUnsafePointer(to: &context.pointee.errstr) { pointer in
            unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 128) { unsafe String(cString: $0) }
        }
        return RedisError(words.isEmpty ? "the connection failed" : words)
    }

    private static func text(_ reply: UnsafeMutablePointer<redisReply>) -> String? {
        guard let start = unsafe reply.pointee.str else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: Int(reply.pointee.len))
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    private static func time(_ duration: Duration) -> timeval {
        vst_time(Int64(duration.nanoseconds / 1000))
    }
}

/// Why a Redis server could not be asked.
struct RedisError: Error, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
