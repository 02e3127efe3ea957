import Glibc
import Support
import Testing

@testable import Base

@Suite(.timeLimit(.minutes(1))) struct LogSinkTests {
    @Test("lines of many threads come whole, each thread's in order, and flush waits for them")
    func lines() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path(of: "log")
        let file = unsafe open(path, O_CREAT | O_WRONLY, 0o600)
        defer { close(file) }
        let sink = LogSink(descriptor: file)
        await withTaskGroup(of: Void.self) { group in
            for sender in 0..<4 {
                group.addTask { for number in 0..<1000 { sink.append(Array("\(sender) \(number)\n".utf8)) } }
            }
        }
        sink.flush()
        let lines = try Self.read(path).split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.count == 4000 && sink.dropped == 0)
        for sender in 0..<4 {
            #expect(lines.filter { $0.first == "\(sender)" }.compactMap { Int($0[1]) } == Array(0..<1000))
        }
    }

    @Test("after a pause lines are written again")
    func again() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path(of: "log")
        let file = unsafe open(path, O_CREAT | O_WRONLY, 0o600)
        defer { close(file) }
        let sink = LogSink(descriptor: file)
        for number in 0..<5 {
            sink.append(Array("\(number)\n".utf8))
            sink.flush()
            #expect(try Self.read(path).split(separator: "\n").count == number + 1)
        }
    }

    @Test("a reader that doesn't read costs lines beyond the limit, which are counted, and no time")
    func full() throws {
        var ends: [Int32] = [-1, -1]
        try SystemError.check("pipe", unsafe pipe(&ends))
        defer { for end in ends { close(end) } }
        // A full pipe, so that not even the first line can leave.
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let filler = [UInt8](repeating: 0, count: 65_536)
        while unsafe write(ends[1], filler, filler.count) > 0 {}
        while unsafe write(ends[1], filler, 1) > 0 {}
        let sink = LogSink(descriptor: ends[1], limit: 100)
        let line = Array("0123456789012345678\n".utf8)
        for _ in 0..<50 { sink.append(line) }
        // Up to five lines wait and five more may be on their way.
        #expect(sink.dropped >= 40 && sink.dropped <= 45)
        sink.append([UInt8](repeating: 0x61, count: 101))
        #expect(sink.dropped >= 41)
    }

    @Test("lines for a descriptor that is gone are counted")
    func gone() throws {
        var ends: [Int32] = [-1, -1]
        try SystemError.check("pipe", unsafe pipe(&ends))
        close(ends[0])
        defer { close(ends[1]) }
        let sink = LogSink(descriptor: ends[1])
        sink.append(Array("a\nb\n".utf8))
        sink.flush()
        #expect(sink.dropped == 2)
    }

    private static func read(_ path: String) throws -> String {
        let file = try SystemError.check("open", unsafe open(path, O_RDONLY))
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Glibc.read(file, &chunk, chunk.count)
            if count <= 0 { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
