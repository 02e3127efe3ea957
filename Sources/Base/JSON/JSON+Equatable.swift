extension JSON: Equatable {
    /// Whether both values say the same; the order of members does not matter, the spelling of numbers does.
    ///
    /// Strings are compared byte by byte, escapes undone: Swift's own comparison takes canonically equivalent texts for
    /// one.
    public static func == (left: JSON, right: JSON) -> Bool {
        guard left.kind == right.kind, left.count == right.count else { return false }
        switch left.kind {
        case .null: return true
        case .bool: return left.bool == right.bool
        case .number: return left.source == right.source
        case .string: return left.textBytes == right.textBytes
        case .array: return left.elements == right.elements
        case .object:
            // By a table, so that two wide objects don't cost the square of their width.
            let values = right.byName
            return left.byName.allSatisfy { name, value in values[name] == value }
        }
    }

    /// The bytes of a string, escapes undone.
    private var textBytes: [UInt8] {
        let text = document.text
        return JSONText.bytes(node, text.span)
    }

    private var byName: [[UInt8]: JSON] {
        var values: [[UInt8]: JSON] = [:]
        var position = index + 1
        for _ in 0..<count {
            values[JSON(document, position).textBytes] = JSON(document, position + 1)
            position = Int(document.nodes[position + 1].next)
        }
        return values
    }
}
