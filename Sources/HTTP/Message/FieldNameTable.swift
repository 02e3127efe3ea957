/// Finds the number of a known field name from its bytes: one probe and one comparison for nearly every name.
///
/// `@unchecked Sendable`: filled in `init`, only read afterwards, and never freed (there is one).
@safe final class FieldNameTable: @unchecked Sendable {
    static let shared = FieldNameTable()

    private static let size = 512
    /// The code at each place; 0 where there is none. Colliding names go to the next free place.
    private let codes: UnsafeMutablePointer<UInt8>
    /// The lower-case names, at 48 bytes each, behind one another; the last byte of each place is the length.
    private let names: UnsafeMutablePointer<UInt8>
    static let stride = 48

    private init() {
        unsafe codes = .allocate(capacity: Self.size)
        unsafe names = .allocate(capacity: Self.stride * (FieldName.spellings.count + 1))
        unsafe codes.initialize(repeating: 0, count: Self.size)
        unsafe names.initialize(repeating: 0, count: Self.stride * (FieldName.spellings.count + 1))
        for (index, spelling) in FieldName.spellings.enumerated() {
            let lower = Array("\(spelling)".lowercased().utf8)
            let name = Self.stride * (index + 1)
            precondition(lower.count < Self.stride && lower.allSatisfy(Octet.isWord))
            for (offset, byte) in lower.enumerated() { unsafe names[name + offset] = byte }
            unsafe names[name + Self.stride - 1] = UInt8(lower.count)
            var place = Self.place(lower.span)
            while unsafe codes[place] != 0 { place = (place + 1) & (Self.size - 1) }
            unsafe codes[place] = UInt8(index + 1)
        }
    }

    /// The number of the name, in any case; 0 when it is not known.
    @inline(__always) func code(of name: Span<UInt8>) -> UInt8 {
        guard name.count > 1, name.count < Self.stride else { return 0 }
        var place = Self.place(name)
        while true {
            let code = unsafe codes[place]
            if code == 0 || matches(name, code) { return code }
            place = (place &+ 1) & (Self.size - 1)
        }
    }

    @inline(__always) private func matches(_ name: Span<UInt8>, _ code: UInt8) -> Bool {
        let stored = unsafe names + Self.stride &* Int(code)
        guard unsafe Int(stored[Self.stride - 1]) == name.count else { return false }
        return unsafe name.withUnsafeBytes { name in
            guard let sent = name.baseAddress else { return false }
            let last = name.count &- 8
            guard last >= 0 else {
                for index in 0..<name.count where unsafe stored[index] != name[index] | 32 { return false }
                return true
            }
            var index = 0
            while index < last {
                guard unsafe Self.isWordAlike(sent + index, stored + index) else { return false }
                index &+= 8
            }
            return unsafe Self.isWordAlike(sent + last, stored + last)
        }
    }

    /// Whether eight bytes are the same in lower case. `| 32` makes a control byte of a hyphen or digit too, but there
    /// is none in a line of a head.
    @inline(__always) private static func isWordAlike(
        _ sent: UnsafeRawPointer, _ stored: UnsafePointer<UInt8>
    ) -> Bool {
        let sent = unsafe sent.loadUnaligned(as: UInt64.self) | 0x2020_2020_2020_2020
        return unsafe sent == UnsafeRawPointer(stored).loadUnaligned(as: UInt64.self)
    }

    /// Length and three bytes tell the known names apart nearly always. `| 32` because case is not told apart.
    @inline(__always) private static func place(_ name: Span<UInt8>) -> Int {
        let count = name.count
        let first = Int(name[0] | 32)
        let middle = Int(name[count / 2] | 32)
        let last = Int(name[count &- 1] | 32)
        return (count &* 37 &+ first &* 7 &+ middle &* 29 &+ last &* 101) & (size - 1)
    }
}
