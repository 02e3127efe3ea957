internal import Glibc

/// Which fields of a request must leave no doubt.
public struct FieldScreen: Sendable {
    private let single: FieldNameSet
    private let unjoined: FieldNameSet
    private let unaliased: FieldNameSet

    /// A screen for known names.
    ///
    /// - Parameters:
    ///   - single: may come once.
    ///   - unjoined: may hold no comma.
    ///   - unaliased: may come under no other spelling.
    public init(single: [FieldName], unjoined: [FieldName], unaliased: [FieldName]) {
        self.single = FieldNameSet(single)
        self.unjoined = FieldNameSet(unjoined)
        self.unaliased = FieldNameSet(unaliased)
    }

    /// The name that this one is an alias of; nil for a name that is none.
    public func original(ofAlias name: Span<UInt8>) -> FieldName? {
        guard name.count < FieldNameTable.stride else { return nil }
        var isPlain = true
        for index in name.indices where !Octet.isWord(name[index]) { isPlain = false }
        if isPlain { return nil }
        var hyphened: [UInt8] = []
        hyphened.reserveCapacity(name.count)
        for index in name.indices { hyphened.append(Octet.isWord(name[index]) ? name[index] : 45) }
        let code = FieldNameTable.shared.code(of: hyphened.span)
        return code != 0 && unaliased.contains(code: code) ? FieldName(code: code) : nil
    }

    /// The first doubt about a request's fields; nil when there is none.
    public func doubt(about request: Request) -> FieldDoubt? {
        var seen = FieldNameSet([])
        for field in request.parser.fields {
            if field.code == 0 {
                if let name = request.withRange(field.name, original(ofAlias:)) { return .alias(name) }
                continue
            }
            if single.contains(code: field.code), !seen.insert(code: field.code) {
                return .repeated(FieldName(code: field.code))
            }
            if unjoined.contains(code: field.code), request.withRange(field.value, Self.holdsComma) {
                return .joined(FieldName(code: field.code))
            }
        }
        return nil
    }

    private static func holdsComma(_ value: Span<UInt8>) -> Bool {
        unsafe value.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            return unsafe memchr(start, 0x2C, bytes.count) != nil
        }
    }
}
