internal import Base

/// Reads filters and paths (the ABNF of RFC 7644 figures 1 and 7). Operators, `and`, `or`, `not` and literals in any case.
struct SCIMFilterParser {
    /// The longest text, bytes.
    static let longest = 4096
    /// How deep parentheses, `not` and `[…]` may be nested.
    static let deepest = 16
    /// How many comparisons there may be.
    static let mostTerms = 64

    private let text: [UInt8]
    private let kind: SCIMError.Kind
    private var position = 0
    private var depth = 0
    private var terms = 0

    init(_ text: String, kind: SCIMError.Kind) {
        self.text = Array(text.utf8)
        self.kind = kind
    }

    mutating func wholeFilter() throws(SCIMError) -> SCIMFilter {
        try checkLength()
        let filter = try disjunction()
        try end()
        return filter
    }

    mutating func wholePath() throws(SCIMError) -> SCIMPath {
        try checkLength()
        skipSpace()
        let path = try path()
        try end()
        return path
    }

    private func checkLength() throws(SCIMError) {
        if text.count > Self.longest { throw SCIMError.bad(kind, "It must have at most \(Self.longest) bytes.") }
    }

    private func failure(_ words: String) -> SCIMError {
        SCIMError.bad(kind, "At byte \(position): \(words).")
    }

    private mutating func end() throws(SCIMError) {
        skipSpace()
        if position < text.count { throw failure("nothing more was expected") }
    }

    // MARK: Expressions

    private mutating func disjunction() throws(SCIMError) -> SCIMFilter {
        var left = try conjunction()
        while word("or") { left = .or(left, try conjunction()) }
        return left
    }

    private mutating func conjunction() throws(SCIMError) -> SCIMFilter {
        var left = try term()
        while word("and") { left = .and(left, try term()) }
        return left
    }

    private mutating func nested<Value>(
        _ body: (inout SCIMFilterParser) throws(SCIMError) -> Value
    ) throws(SCIMError) -> Value {
        guard depth < Self.deepest else { throw failure("it is nested deeper than \(Self.deepest) times") }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    private mutating func term() throws(SCIMError) -> SCIMFilter {
        skipSpace()
        let start = position
        if word("not") {
            skipSpace()
            if peek == UInt8(ascii: "(") { return .not(try group()) }
        }
        position = start
        if peek == UInt8(ascii: "(") { return try group() }
        return try comparison()
    }

    private mutating func group() throws(SCIMError) -> SCIMFilter {
        position += 1
        let inner = try nested { (parser) throws(SCIMError) in try parser.disjunction() }
        skipSpace()
        guard peek == UInt8(ascii: ")") else { throw failure("a ) was expected") }
        position += 1
        return inner
    }

    private mutating func comparison() throws(SCIMError) -> SCIMFilter {
        terms += 1
        guard terms <= Self.mostTerms else { throw failure("it has more than \(Self.mostTerms) comparisons") }
        var path = try path()
        if let filter = path.filter, path.part == nil {
            path.filter = nil
            return .values(path, filter)
        }
        if let filter = path.filter, let part = path.part {
            // `emails[type eq "work"].value eq "…"`: the same value fulfils both.
            let whole = SCIMPath(schema: path.schema, path.attribute)
            return .values(whole, .and(filter, try operation(on: SCIMPath(part))))
        }
        return try operation(on: path)
    }

    private mutating func operation(on path: SCIMPath) throws(SCIMError) -> SCIMFilter {
        guard peek == 0x20 || peek == 0x09 else { throw failure("a space and an operator were expected") }
        skipSpace()
        let name = name()
        if name.lowercased() == "pr" { return .present(path) }
        guard let comparison = SCIMFilter.Comparison(rawValue: name.lowercased()) else {
            throw failure("one of eq, ne, co, sw, ew, pr, gt, ge, lt, le was expected")
        }
        guard peek == 0x20 || peek == 0x09 else { throw failure("a space and a value were expected") }
        skipSpace()
        return .compare(path, comparison, try literal())
    }

    // MARK: Parts

    private mutating func path() throws(SCIMError) -> SCIMPath {
        var (schema, attribute, part) = try split(identifier())
        var filter: SCIMFilter?
        if peek == UInt8(ascii: "["), part == nil, !attribute.isEmpty {
            position += 1
            filter = try nested { (parser) throws(SCIMError) in try parser.disjunction() }
            skipSpace()
            guard peek == UInt8(ascii: "]") else { throw failure("a ] was expected") }
            position += 1
            if peek == UInt8(ascii: ".") {
                position += 1
                part = name()
                if part?.isEmpty != false { throw failure("the name of a part was expected") }
            }
        }
        if schema?.isEmpty == true { schema = nil }
        return SCIMPath(schema: schema, attribute, filter: filter, part: part)
    }

    /// An attribute's name with what stands before and behind it, up to a bracket or a space.
    private mutating func identifier() throws(SCIMError) -> Substring {
        let start = position
        while position < text.count,
            Self.isName(text[position]) || text[position] == UInt8(ascii: ":")
                || text[position] == UInt8(ascii: ".")
        {
            position += 1
        }
        guard start < position else { throw failure("the name of an attribute was expected") }
        return Substring(String(decoding: text[start..<position], as: UTF8.self))
    }

    /// `urn:…:2.0:User:name.givenName`. A known URN may also be followed by a dot, as some clients write it.
    private func split(_ whole: Substring) throws(SCIMError) -> (String?, String, String?) {
        var schema: String?
        var rest = whole
        if whole.lowercased().hasPrefix("urn:") {
            let known = SCIMSchema.all.map(\.id).first { whole.lowercased().hasPrefix($0.lowercased()) }
            if let known {
                rest = whole.dropFirst(known.count)
                if rest.isEmpty { return (known, "", nil) }
                guard rest.first == ":" || rest.first == "." else { throw failure("this is no attribute of \(known)") }
                schema = known
                rest = rest.dropFirst()
            } else {
                guard let colon = whole.lastIndex(of: ":") else { throw failure("this is no attribute") }
                // In an unknown URN nobody can tell where the attribute begins; the last part is taken for it.
                schema = String(whole[..<colon])
                rest = whole[whole.index(after: colon)...]
            }
        }
        let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
        let isUnknown = schema.map { urn in !SCIMSchema.all.contains { $0.id == urn } } ?? false
        guard parts.count <= 2 || isUnknown, parts.allSatisfy({ !$0.isEmpty && !$0.contains(":") }) else {
            throw failure("this is no attribute")
        }
        return (schema, String(parts[0]), parts.count > 1 ? String(parts[parts.count - 1]) : nil)
    }

    private mutating func literal() throws(SCIMError) -> SCIMFilter.Literal {
        let start = position
        if peek == 0x22 { return .string(try quoted()) }
        while let byte = peek, byte != 0x20, byte != 0x09, byte != UInt8(ascii: ")"), byte != UInt8(ascii: "]") {
            position += 1
        }
        let words = Array(text[start..<position])
        switch String(decoding: words, as: UTF8.self).lowercased() {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        default:
            guard let number = (try? JSON.parse(words))?.double else {
                position = start
                throw failure("a value was expected: a text in quotes, a number, true, false or null")
            }
            return .number(number)
        }
    }

    /// A text as JSON writes it.
    private mutating func quoted() throws(SCIMError) -> String {
        let start = position
        position += 1
        while let byte = peek, byte != 0x22 { position += byte == 0x5C ? 2 : 1 }
        guard position < text.count else {
            position = start
            throw failure("the text has no end")
        }
        position += 1
        do {
            guard let value = try JSON.parse(Array(text[start..<position]), limits: .storable).string else {
                throw failure("this is no text")
            }
            return value
        } catch let error as SCIMError {
            throw error
        } catch {
            position = start
            throw failure("the text is not well formed")
        }
    }

    // MARK: Bytes

    private var peek: UInt8? { position < text.count ? text[position] : nil }

    private mutating func skipSpace() {
        while peek == 0x20 || peek == 0x09 { position += 1 }
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "$"):
            true
        default: false
        }
    }

    private mutating func name() -> String {
        let start = position
        while let byte = peek, Self.isName(byte) { position += 1 }
        return String(decoding: text[start..<position], as: UTF8.self)
    }

    /// Takes a keyword that stands here as a whole word.
    private mutating func word(_ keyword: String) -> Bool {
        let start = position
        skipSpace()
        if name().lowercased() == keyword, peek == nil || peek == 0x20 || peek == 0x09 || peek == UInt8(ascii: "(") {
            return true
        }
        position = start
        return false
    }
}
