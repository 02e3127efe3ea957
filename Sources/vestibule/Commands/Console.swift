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

    /// What is under way, on standard error.
    static func note(_ line: String) {
        write(line, to: 2)
    }

    /// Text for a terminal, on standard error; no line ends behind it.
    static func draw(_ text: String) {
        write(text, to: 2, end: "")
    }

    private static func write(_ line: String, to descriptor: Int32, end: String = "\n") {
        let bytes = Array((line + end).utf8)
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
