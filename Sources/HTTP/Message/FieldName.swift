/// The name of a field, in lower case. Common names are small numbers, so that looking one up compares bytes of a
/// table and not text.
public struct FieldName: Hashable, Sendable, CustomStringConvertible {
    /// The number of a known name, from 1; 0 for any other.
    let code: UInt8
    /// The lower-case name where the code is 0.
    let other: String

    init(code: UInt8) {
        self.code = code
        other = ""
    }

    /// A name written in the source, in any case. It must be a token (RFC 9110 section 5.1).
    public init(_ name: StaticString) {
        self.init(token: "\(name)")
    }

    /// A name from outside; nil when it is no token.
    public init?(parsing name: String) {
        guard !name.isEmpty, name.utf8.allSatisfy(Octet.isToken) else { return nil }
        self.init(token: name)
    }

    private init(token: String) {
        let known = FieldNameTable.shared.code(of: token.utf8.span)
        code = known
        other = known == 0 ? token.lowercased() : ""
    }

    /// The name in lower case.
    public var name: String {
        code == 0 ? other : "\(Self.spellings[Int(code) - 1])".lowercased()
    }

    /// The name as it is sent.
    var spelling: String {
        code == 0 ? other : "\(Self.spellings[Int(code) - 1])"
    }

    /// The name in lower case.
    public var description: String { name }
}
