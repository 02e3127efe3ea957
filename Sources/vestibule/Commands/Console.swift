internal import Glibc

/// Lines for whoever called the program.
enum Console {
    /// The answer, on standard output.
    static func say(_ line: String) {
        write(line, to: 1)
    }

    /// What went wrong, on standard error.
    static func complain(_ line: String) {
        write("vestibule: " + line, to: 2)
    }

    private static func write(_ line: String, to descriptor: Int32) {
        let bytes = Array((line + "\n").utf8)
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
            }
            if count <= 0 { return }
            done += count
        }
    }
}
