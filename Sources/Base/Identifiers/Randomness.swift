internal import CLinux
internal import Glibc

/// Where random bytes come from; passed in, so that tests can fix them.
public struct Randomness: Sendable {
    /// So many random bytes.
    public var bytes: @Sendable (_ count: Int) -> [UInt8]

    /// Randomness from the given function.
    public init(bytes: @escaping @Sendable (_ count: Int) -> [UInt8]) {
        self.bytes = bytes
    }

    /// The kernel's generator, fit for secrets.
    public static let system = Randomness { count in
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe bytes.withUnsafeMutableBytes { buffer in unsafe fill(buffer) }
        return bytes
    }

    /// Two random words.
    func words() -> (UInt64, UInt64) {
        let bytes = bytes(16)
        return (
            bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }, bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
        )
    }

    /// A word of the kernel's generator, without an allocation.
    static func systemWord() -> UInt64 {
        var word: UInt64 = 0
        unsafe withUnsafeMutableBytes(of: &word) { buffer in unsafe fill(buffer) }
        return word
    }

    private static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        guard let base = buffer.baseAddress else { return }
        var filled = 0
        while filled < buffer.count {
            // A signal may cut a request of more than 256 bytes short.
            let got = unsafe getrandom(base + filled, buffer.count - filled, 0)
            if got > 0 {
                filled += got
            } else if errno != EINTR {
                // Without randomness every secret made from here on could be guessed.
                fatalError("getrandom: error \(errno)")
            }
        }
    }
}
