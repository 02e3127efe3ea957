internal import Accounts
internal import Base
internal import Glibc

/// Where refused lines are told of: a file with a JSON object each, or standard output in words.
final class ImportReport {
    private let descriptor: Int32?
    private let path: String
    private var held: [UInt8] = []
    private var failure: Int32 = 0

    /// - Parameter path: the file; nil for standard output.
    /// - Throws: ``UsageError`` where the file can't be written.
    init(_ path: String?) throws(UsageError) {
        self.path = path ?? ""
        guard let path else {
            descriptor = nil
            return
        }
        let opened = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            throw UsageError("import: \(SystemError(call: "the report \(path) can't be written", code: errno))")
        }
        descriptor = opened
    }

    deinit {
        if let descriptor { close(descriptor) }
    }

    func add(_ line: ImportRefusedLine) {
        guard descriptor != nil else {
            return Console.say("line \(line.line): \(line.reason): \(line.detail)")
        }
        held += line.json + [0x0A]
        if held.count > 65_536 { flush() }
    }

    /// Writes what is held back.
    ///
    /// - Throws: ``SystemError`` when not all of it could be written.
    func end() throws(SystemError) {
        flush()
        if failure != 0 { throw SystemError(call: "the report \(path) can't be written", code: failure) }
    }

    private func flush() {
        guard let descriptor else { return }
        var rest = held[...]
        while !rest.isEmpty, failure == 0 {
            let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { failure = errno }
        }
        held.removeAll(keepingCapacity: true)
    }
}
