internal import CLinux

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
        var filled = 0
        while filled < count {
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe getrandom(buffer.baseAddress.map { unsafe $0 + filled }, count - filled, 0)
            }
            if got > 0 { filled += got }
        }
        return bytes
    }

    /// Two random words.
    func words() -> (UInt64, UInt64) {
        let bytes = bytes(16)
        return (
            bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }, bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
        )
    }
}
