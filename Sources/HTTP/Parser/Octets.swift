internal import CLinux
internal import Glibc

/// The classes of bytes that HTTP tells apart (RFC 9110 section 5.6).
enum Octet {
    static let carriageReturn: UInt8 = 13
    static let lineFeed: UInt8 = 10
    static let space: UInt8 = 32
    static let tab: UInt8 = 9
    static let colon: UInt8 = 58

    // One bit for each of the bytes 0–63 and 64–127 that may stand in a token.
    private static let lowTokens: UInt64 = 0x03FF_6CFA_0000_0000
    private static let highTokens: UInt64 = 0x57FF_FFFF_C7FF_FFFE

    /// Whether the byte may stand in a method or a field name (`tchar`).
    @inline(__always) static func isToken(_ byte: UInt8) -> Bool {
        if byte < 64 { return lowTokens >> UInt64(byte) & 1 == 1 }
        return byte < 128 && highTokens >> UInt64(byte & 63) & 1 == 1
    }

    @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    /// Whether it is a letter, a digit or a hyphen: what the names of fields in use are made of.
    @inline(__always) static func isWord(_ byte: UInt8) -> Bool {
        (byte | 32) &- 97 < 26 || isDigit(byte) || byte == 45
    }

    @inline(__always) static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

    /// The byte in lower case, where it is an ASCII letter.
    @inline(__always) static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 32 : byte }

    /// The value of a hexadecimal digit; nil for any other byte.
    @inline(__always) static func hex(_ byte: UInt8) -> UInt8? {
        if isDigit(byte) { return byte &- 48 }
        let letter = byte | 32
        return letter &- 97 < 6 ? letter &- 87 : nil
    }
}

extension Span where Element == UInt8 {
    /// The bytes as text; what is no UTF-8 is replaced.
    var text: String {
        unsafe withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// A copy of the bytes.
    var array: [UInt8] {
        unsafe withUnsafeBufferPointer { unsafe [UInt8]($0) }
    }

    /// Whether a method or a field name may be made of these bytes.
    var isToken: Bool {
        for index in 0..<count where !Octet.isToken(self[index]) { return false }
        return true
    }

    /// Whether these are exactly the bytes of the text.
    @inline(__always) func spells(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in 0..<count where unsafe self[index] != text.utf8Start[index] { return false }
        return true
    }

    /// Whether these are the bytes of the text, which is in lower case, whatever the case here.
    @inline(__always) func spellsAnyCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in 0..<count where unsafe Octet.lower(self[index]) != text.utf8Start[index] { return false }
        return true
    }

    /// Whether both hold the same bytes but for the case of ASCII letters.
    func equalsAnyCase(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where Octet.lower(self[index]) != Octet.lower(other[index]) { return false }
        return true
    }

    /// Whether both hold the same bytes.
    @inline(__always) func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        return unsafe withUnsafeBytes { mine in
            unsafe other.withUnsafeBytes { theirs in
                guard let left = mine.baseAddress, let right = theirs.baseAddress else { return true }
                return unsafe memcmp(left, right, count) == 0
            }
        }
    }

    /// The place of the first control byte other than a tab (and of DEL) at or after `start`; the count if none.
    @inline(__always) func firstControl(from start: Int) -> Int {
        unsafe withUnsafeBufferPointer { bytes in
            guard let first = bytes.baseAddress else { return 0 }
            return unsafe vst_first_control(first, start, bytes.count)
        }
    }
}
