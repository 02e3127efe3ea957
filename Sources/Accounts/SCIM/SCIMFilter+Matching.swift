extension SCIMFilter {
    /// Whether one value of a multi-valued attribute is meant (RFC 7644 §3.5.2).
    ///
    /// - Throws: `invalidFilter`, or `invalidPath`, for a part that the attribute does not have.
    func matches(_ value: SCIMObject, _ attribute: SCIMAttribute) throws(SCIMError) -> Bool {
        switch self {
        case .and(let left, let right):
            try left.matches(value, attribute) ? right.matches(value, attribute) : false
        case .or(let left, let right):
            try left.matches(value, attribute) ? true : right.matches(value, attribute)
        case .not(let inner): try !inner.matches(value, attribute)
        case .present(let path): try value[Self.part(path, attribute).name].map { $0 != .string("") } ?? false
        case .compare(let path, let comparison, let literal):
            try Self.compare(value, Self.part(path, attribute), comparison, literal)
        case .values: throw SCIMError.bad(.invalidFilter, "A filter in brackets can't hold another one.")
        }
    }

    private static func part(_ path: SCIMPath, _ attribute: SCIMAttribute) throws(SCIMError) -> SCIMAttribute {
        guard path.part == nil, path.schema == nil, let part = attribute.part(path.attribute) else {
            throw SCIMError.bad(.invalidFilter, "\(attribute.name) has no \(path.attribute.prefix(100)).")
        }
        return part
    }

    private static func compare(
        _ value: SCIMObject, _ part: SCIMAttribute, _ comparison: Comparison, _ literal: Literal
    ) throws(SCIMError) -> Bool {
        let held = value[part.name]
        switch (literal, comparison) {
        case (.null, .eq): return held == nil
        case (.null, .ne): return held != nil
        case (.bool(let flag), .eq): return flag == (held?.bool ?? false)
        case (.bool(let flag), .ne): return flag != (held?.bool ?? false)
        case (.string(let text), _):
            // Some clients write truth values as texts here, too.
            if part.kind == .boolean, let flag = Bool(text.lowercased()) {
                return try compare(value, part, comparison, .bool(flag))
            }
            guard let own = held?.string else { return comparison == .ne }
            // Most filters name one value exactly.
            if comparison == .eq, own == text { return true }
            return part.isCaseExact
                ? compare(own, comparison, text) : compare(own.lowercased(), comparison, text.lowercased())
        default:
            throw SCIMError.bad(.invalidFilter, "\(part.name) can't be compared like that.")
        }
    }

    private static func compare(_ left: String, _ comparison: Comparison, _ right: String) -> Bool {
        switch comparison {
        case .eq: left == right
        case .ne: left != right
        case .co: right.isEmpty || left.utf8.count >= right.utf8.count && left.contains(right)
        case .sw: left.hasPrefix(right)
        case .ew: left.hasSuffix(right)
        case .gt: left > right
        case .ge: left >= right
        case .lt: left < right
        case .le: left <= right
        }
    }

    /// The parts that a value must have so that the filter means it; nil where it can't be said: only equalities can.
    func described(_ attribute: SCIMAttribute) -> SCIMObject? {
        switch self {
        case .and(let left, let right):
            guard var all = left.described(attribute), let more = right.described(attribute) else { return nil }
            for member in more.members { all[member.name] = member.value }
            return all
        case .compare(let path, .eq, let literal):
            guard path.part == nil, let part = attribute.part(path.attribute), part.mutability != .readOnly else {
                return nil
            }
            var object = SCIMObject()
            switch literal {
            case .string(let text):
                object[part.name] = part.kind == .boolean ? Bool(text.lowercased()).map { .bool($0) } : .string(text)
            case .bool(let flag): object[part.name] = .bool(flag)
            default: return nil
            }
            return object
        default: return nil
        }
    }
}
