/// A value of a parsed JSON document. Cheap to copy: all values of a document share its text and its tape.
public struct JSON: Sendable {
    /// What a value is.
    public enum Kind: Sendable {
        case null, bool, number, string, array, object
    }

    final class Document: Sendable {
        let text: [UInt8]
        let nodes: [JSONNode]

        init(text: [UInt8], nodes: [JSONNode]) {
            self.text = text
            self.nodes = nodes
        }

        /// Where the value of the member is.
        func member(_ name: Span<UInt8>, of object: Int) -> Int? {
            guard nodes[object].kind == .object else { return nil }
            let end = Int(nodes[object].next)
            var position = object + 1
            let text = text
            while position < end {
                if JSON.equal(nodes[position], text.span, name) { return position + 1 }
                position = Int(nodes[position + 1].next)
            }
            return nil
        }
    }

    let document: Document
    let index: Int

    var node: JSONNode { document.nodes[index] }

    init(_ document: Document, _ index: Int) {
        self.document = document
        self.index = index
    }

    /// Parses a whole text: strict RFC 8259 in UTF-8, no duplicate names, nothing behind the end.
    public static func parse(_ text: [UInt8], limits: JSONLimits = .standard) throws(JSONError) -> JSON {
        var parser = JSONParser(limits: limits)
        try parser.parse(text.span)
        return JSON(Document(text: text, nodes: parser.nodes), 0)
    }

    /// What the value is.
    public var kind: Kind {
        switch node.kind {
        case .null: .null
        case .yes, .no: .bool
        case .number: .number
        case .string, .escaped: .string
        case .array: .array
        case .object: .object
        }
    }

    /// Whether it is `null`.
    public var isNull: Bool { node.kind == .null }

    /// The truth value; nil for another kind.
    public var bool: Bool? {
        switch node.kind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    /// The text; nil for another kind.
    public var string: String? {
        let node = node
        switch node.kind {
        case .string:
            return unsafe document.text.withUnsafeBufferPointer {
                unsafe String(decoding: $0[Int(node.start)..<Int(node.end)], as: UTF8.self)
            }
        case .escaped:
            let text = document.text
            return String(decoding: JSONText.bytes(node, text.span), as: UTF8.self)
        default: return nil
        }
    }

    /// The number where it is written without fraction and exponent and fits; nil otherwise.
    public var int: Int64? {
        let node = node
        guard node.kind == .number else { return nil }
        let text = document.text
        let isNegative = text[Int(node.start)] == 0x2D
        var value: Int64 = 0
        for position in Int(node.start) + (isNegative ? 1 : 0)..<Int(node.end) {
            let byte = text[position]
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            let digit = Int64(byte - 0x30)
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            // Taken away, so that the least number there is comes out too.
            let (next, carry) =
                isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            if overflow || carry { return nil }
            value = next
        }
        return value
    }

    /// The number, rounded to the nearest double; nil for another kind, or when it is beyond all doubles.
    public var double: Double? {
        guard node.kind == .number, let value = Double(numberText), value.isFinite else { return nil }
        return value
    }

    var numberText: String {
        String(decoding: document.text[Int(node.start)..<Int(node.end)], as: UTF8.self)
    }

    /// How many elements or members there are; 0 for scalars.
    public var count: Int { Int(node.count) }

    /// The member with this name; nil where there is none, or where the value is no object.
    public subscript(_ name: String) -> JSON? {
        member(name.utf8.span)
    }

    private func member(_ name: Span<UInt8>) -> JSON? {
        document.member(name, of: index).map { JSON(document, $0) }
    }

    fileprivate static func equal(_ node: JSONNode, _ text: Span<UInt8>, _ name: Span<UInt8>) -> Bool {
        if node.kind == .escaped { return JSONText.bytes(node, text).span.elementsEqual(name) }
        guard Int(node.end - node.start) == name.count else { return false }
        let start = Int(node.start)
        for offset in name.indices where text[start + offset] != name[offset] { return false }
        return true
    }

    /// Lends the UTF-8 bytes of a string, escapes undone; nil for another kind. Without escapes it allocates nothing.
    public func withText<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result? {
        let node = node
        let text = document.text
        switch node.kind {
        case .string: return try body(text.span.extracting(Int(node.start)..<Int(node.end)))
        case .escaped:
            let bytes = JSONText.bytes(node, text.span)
            return try body(bytes.span)
        default: return nil
        }
    }

    /// Whether it is a string of just this text. Without escapes it allocates nothing.
    public func equals(_ other: StaticString) -> Bool {
        let node = node
        guard node.kind == .string || node.kind == .escaped else { return false }
        let text = document.text
        let bytes = unsafe UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount)
        return unsafe Self.equal(node, text.span, Span(_unsafeElements: bytes))
    }

    /// The elements of an array; nil for another kind.
    public var elements: [JSON]? {
        guard node.kind == .array else { return nil }
        var elements: [JSON] = []
        elements.reserveCapacity(count)
        var position = index + 1
        for _ in 0..<count {
            elements.append(JSON(document, position))
            position = Int(document.nodes[position].next)
        }
        return elements
    }

    /// The members of an object in their order; nil for another kind.
    public var members: [(name: String, value: JSON)]? {
        guard node.kind == .object else { return nil }
        var members: [(name: String, value: JSON)] = []
        members.reserveCapacity(count)
        var position = index + 1
        for _ in 0..<count {
            members.append((JSON(document, position).string ?? "", JSON(document, position + 1)))
            position = Int(document.nodes[position + 1].next)
        }
        return members
    }

    /// The value's own text, as it was sent.
    public var source: [UInt8] {
        let quote = node.kind == .string || node.kind == .escaped ? 1 : 0
        return Array(document.text[(Int(node.start) - quote)..<(Int(node.end) + quote)])
    }
}

extension Span<UInt8> {
    func elementsEqual(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}
