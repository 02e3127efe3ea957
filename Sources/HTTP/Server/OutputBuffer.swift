internal import Glibc

/// Bytes on their way out. One for each loop, reused by every response.
@safe final class OutputBuffer {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 64 * 1024) {
        self.capacity = capacity
        unsafe base = .allocate(capacity: capacity)
    }

    deinit {
        unsafe base.deallocate()
    }

    /// Forgets what is in it; gives memory back that only an unusually large response has needed.
    func clear() {
        count = 0
        guard capacity > 1 << 20 else { return }
        unsafe base.deallocate()
        capacity = 64 * 1024
        unsafe base = .allocate(capacity: capacity)
    }

    @inline(__always) func reserve(_ more: Int) {
        if capacity - count < more { grow(more) }
    }

    private func grow(_ more: Int) {
        let larger = max(capacity * 2, count + more)
        let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        unsafe memcpy(grown, base, count)
        unsafe base.deallocate()
        unsafe base = grown
        capacity = larger
    }

    @inline(__always) func append(_ byte: UInt8) {
        reserve(1)
        unsafe base[count] = byte
        count &+= 1
    }

    @inline(__always) func append(_ bytes: [UInt8]) {
        append(bytes.span)
    }

    @inline(__always) func append(_ bytes: Span<UInt8>) {
        let length = bytes.count
        guard length > 0 else { return }
        reserve(length)
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe memcpy(base + count, start, length)
        }
        count &+= length
    }

    @inline(__always) func append(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        reserve(length)
        unsafe memcpy(base + count, text.utf8Start, length)
        count &+= length
    }

    @inline(__always) func append(_ text: String) {
        append(text.utf8.span)
    }

    /// Appends a field's value: a line break or NUL in it would begin another field, so each is sent as a space
    /// (RFC 9110 section 5.5).
    @inline(__always) func appendValue(_ text: String) {
        let from = count
        append(text)
        for index in from..<count {
            let byte = unsafe base[index]
            if byte == 13 || byte == 10 || byte == 0 { unsafe base[index] = 32 }
        }
    }

    func appendDecimal(_ number: Int) {
        reserve(20)
        var rest = number
        var digits = 1
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        rest = number
        for index in stride(from: digits - 1, through: 0, by: -1) {
            unsafe base[count + index] = UInt8(truncatingIfNeeded: 48 + rest % 10)
            rest /= 10
        }
        count += digits
    }

    /// Appends 16 hexadecimal digits.
    @inline(__always) func appendHex(_ number: UInt64) {
        reserve(16)
        var shift: UInt64 = 60
        for index in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: number >> shift & 15)
            unsafe base[count &+ index] = digit < 10 ? 48 &+ digit : 87 &+ digit
            shift = shift &- 4
        }
        count &+= 16
    }

    /// Reads what is in it.
    @inline(__always) func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try unsafe body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// A copy of what is in it from the given place on.
    func copy(from start: Int) -> [UInt8] {
        unsafe [UInt8](UnsafeRawBufferPointer(start: base + start, count: count - start))
    }
}
