/// Reads a strict JSON text onto a tape (RFC 8259; duplicate names are refused, as RFC 7515 §4 allows).
struct JSONParser: ~Copyable {
    private let limits: JSONLimits
    private(set) var nodes: [JSONNode] = []
    private var index = 0
    private var depth = 0

    init(limits: JSONLimits) {
        self.limits = limits
        nodes.reserveCapacity(32)
    }

    mutating func parse(_ text: Span<UInt8>) throws(JSONError) {
        guard text.count < Int32.max else { throw JSONError(reason: .count, offset: Int(Int32.max)) }
        skipSpace(text)
        guard index < text.count else { throw JSONError(reason: .empty, offset: index) }
        try value(text)
        skipSpace(text)
        if index != text.count { throw JSONError(reason: .trailing, offset: index) }
    }

    private func failure(_ reason: JSONError.Reason) -> JSONError { JSONError(reason: reason, offset: index) }

    @inline(__always) private mutating func skipSpace(_ text: Span<UInt8>) {
        while index < text.count {
            let byte = text[index]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            index += 1
        }
    }

    private mutating func append(_ kind: JSONNode.Kind, _ start: Int, _ end: Int) throws(JSONError) {
        guard nodes.count < limits.values else { throw failure(.count) }
        nodes.append(
            JSONNode(start: Int32(start), end: Int32(end), next: Int32(nodes.count + 1), count: 0, kind: kind))
    }

    private mutating func value(_ text: Span<UInt8>) throws(JSONError) {
        guard index < text.count else { throw failure(.syntax) }
        switch text[index] {
        case 0x22: try string(text)
        case 0x7B: try container(text, .object, 0x7D)
        case 0x5B: try container(text, .array, 0x5D)
        case 0x74: try word(text, "true", .yes)
        case 0x66: try word(text, "false", .no)
        case 0x6E: try word(text, "null", .null)
        default: try number(text)
        }
    }

    private mutating func word(_ text: Span<UInt8>, _ word: StaticString, _ kind: JSONNode.Kind) throws(JSONError) {
        let count = word.utf8CodeUnitCount
        guard index + count <= text.count else { throw failure(.syntax) }
        for offset in 0..<count where unsafe text[index + offset] != word.utf8Start[offset] { throw failure(.syntax) }
        try append(kind, index, index + count)
        index += count
    }

    private mutating func number(_ text: Span<UInt8>) throws(JSONError) {
        let start = index
        if index < text.count, text[index] == 0x2D { index += 1 }
        let first = index
        try digits(text, start == index ? .syntax : .number)
        if text[first] == 0x30, index > first + 1 { throw failure(.number) }
        if index < text.count, text[index] == 0x2E {
            index += 1
            try digits(text, .number)
        }
        if index < text.count, text[index] | 0x20 == 0x65 {
            index += 1
            if index < text.count, text[index] == 0x2B || text[index] == 0x2D { index += 1 }
            try digits(text, .number)
        }
        try append(.number, start, index)
    }

    private mutating func digits(_ text: Span<UInt8>, _ reason: JSONError.Reason) throws(JSONError) {
        let start = index
        while index < text.count, text[index] >= 0x30, text[index] <= 0x39 { index += 1 }
        if index == start { throw failure(reason) }
    }

    private mutating func container(_ text: Span<UInt8>, _ kind: JSONNode.Kind, _ close: UInt8) throws(JSONError) {
        guard depth < limits.depth else { throw failure(.depth) }
        depth += 1
        let own = nodes.count
        let start = index
        try append(kind, start, start)
        index += 1
        skipSpace(text)
        var count: Int32 = 0
        var names = JSONNames(object: own)
        if index < text.count, text[index] == close {
            index += 1
        } else {
            while true {
                skipSpace(text)
                if kind == .object {
                    try name(text)
                    try names.add(nodes, text)
                    try colon(text)
                }
                try value(text)
                count += 1
                skipSpace(text)
                guard index < text.count else { throw failure(.syntax) }
                let byte = text[index]
                index += 1
                if byte == close { break }
                guard byte == 0x2C else {
                    index -= 1
                    throw failure(.syntax)
                }
            }
        }
        nodes[own].end = Int32(index)
        nodes[own].next = Int32(nodes.count)
        nodes[own].count = count
        depth -= 1
        try names.end(nodes, text)
    }

    private mutating func name(_ text: Span<UInt8>) throws(JSONError) {
        guard index < text.count, text[index] == 0x22 else { throw failure(.syntax) }
        try string(text)
    }

    private mutating func colon(_ text: Span<UInt8>) throws(JSONError) {
        skipSpace(text)
        guard index < text.count, text[index] == 0x3A else { throw failure(.syntax) }
        index += 1
        skipSpace(text)
    }

    private mutating func string(_ text: Span<UInt8>) throws(JSONError) {
        index += 1
        let start = index
        var kind = JSONNode.Kind.string
        while index < text.count {
            let byte = text[index]
            if byte == 0x22 {
                try append(kind, start, index)
                index += 1
                return
            }
            if byte == 0x5C {
                kind = .escaped
                index = try JSONText.checkEscape(text, at: index, allowsNUL: limits.allowsNUL)
            } else if byte < 0x20 {
                throw failure(.string)
            } else if byte < 0x80 {
                index += 1
            } else {
                index = try JSONText.checkUTF8(text, at: index)
            }
        }
        throw failure(.string)
    }
}
