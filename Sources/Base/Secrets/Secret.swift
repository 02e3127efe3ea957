internal import CLinux

/// Bytes that must not be seen: wiped when let go, compared in constant time, printed as a placeholder.
@safe public final class Secret: Sendable {
    // Written once, before anybody else can see it.
    private nonisolated(unsafe) let storage: UnsafeMutableBufferPointer<UInt8>

    /// Keeps a copy of the bytes.
    public init(_ bytes: some Collection<UInt8>) {
        unsafe storage = .allocate(capacity: bytes.count)
        _ = unsafe storage.initialize(fromContentsOf: bytes)
    }

    /// Keeps a copy of the text's UTF-8.
    public convenience init(_ text: String) {
        self.init(text.utf8)
    }

    deinit {
        unsafe vst_wipe(storage.baseAddress, storage.count)
        unsafe storage.deallocate()
    }

    /// How many bytes there are.
    public var count: Int { unsafe storage.count }

    /// Lends the bytes for the time of the call.
    public func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(unsafe Span(_unsafeElements: UnsafeBufferPointer(storage)))
    }

    /// A copy of the bytes, for libraries that keep their own. The copy is not wiped.
    public var exposed: [UInt8] { unsafe Array(storage) }

    /// A copy as text, for libraries that keep their own. The copy is not wiped.
    public var text: String { unsafe String(decoding: storage, as: UTF8.self) }
}

extension Secret: Equatable {
    /// Whether the bytes are the same; the time taken tells only the lengths.
    public static func == (left: Secret, right: Secret) -> Bool {
        left.withBytes { left in right.withBytes { right in ConstantTime.equal(left, right) } }
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A placeholder.
    public var description: String { "[secret]" }
    /// A placeholder.
    public var debugDescription: String { "[secret]" }
    /// Shows nothing to `dump`.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
