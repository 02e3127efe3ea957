internal import Base

/// Lays parameters out as libpq wants them: NUL-terminated text, one after the other in one buffer.
///
/// Kept by a connection and filled anew for each statement, so that binding allocates nothing once warm.
struct ParameterBuffer {
    /// The most parameters that the protocol's 16-bit count can carry.
    static let limit = 65_535

    private(set) var bytes: [UInt8] = []
    /// Where each value begins; -1 for `NULL`.
    private(set) var offsets: [Int] = []

    /// Why a value can't be sent.
    enum Refusal: Error, Equatable {
        /// More than ``ParameterBuffer/limit`` values.
        case tooMany
        /// A text holds U+0000; libpq would cut it there and bind something else.
        case holdsNUL
    }

    mutating func fill(_ parameters: [Parameter]) throws(Refusal) {
        bytes.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        guard parameters.count <= Self.limit else { throw .tooMany }
        for parameter in parameters {
            if case .null = parameter {
                offsets.append(-1)
                continue
            }
            offsets.append(bytes.count)
            try append(parameter)
            bytes.append(0)
        }
    }

    /// Why the values can't be sent; nil when they can.
    static func refusal(of parameters: [Parameter]) -> Refusal? {
        if parameters.count > limit { return .tooMany }
        for parameter in parameters {
            switch parameter {
            case .text(let text): if text.utf8.contains(0) { return .holdsNUL }
            case .json(let document): if document.contains(0) { return .holdsNUL }
            case .textArray(let texts): if texts.contains(where: { $0.utf8.contains(0) }) { return .holdsNUL }
            default: continue
            }
        }
        return nil
    }

    private mutating func append(_ parameter: Parameter) throws(Refusal) {
        switch parameter {
        case .null: break
        case .text(let text): try append(text.utf8)
        case .json(let document): try append(document)
        case .int(let value): bytes.append(contentsOf: String(value).utf8)
        case .bool(let value): bytes.append(value ? UInt8(ascii: "t") : UInt8(ascii: "f"))
        case .uuid(let id): bytes.append(contentsOf: id.description.utf8)
        case .timestamp(let moment): bytes.append(contentsOf: moment.description.utf8)
        case .double(let value): bytes.append(contentsOf: "\(value)".utf8)
        case .bytes(let value): appendHex(value)
        case .textArray(let texts): try append(array: texts)
        case .uuidArray(let ids):
            bytes.append(UInt8(ascii: "{"))
            for (position, id) in ids.enumerated() {
                if position > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(contentsOf: id.description.utf8)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private mutating func append(_ text: some Collection<UInt8>) throws(Refusal) {
        let start = bytes.count
        bytes.append(contentsOf: text)
        if bytes[start...].contains(0) { throw .holdsNUL }
    }

    private mutating func append(array texts: [String]) throws(Refusal) {
        bytes.append(UInt8(ascii: "{"))
        for (position, text) in texts.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "\""))
            for byte in text.utf8 {
                if byte == 0 { throw .holdsNUL }
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func appendHex(_ value: [UInt8]) {
        let digits: StaticString = "0123456789abcdef"
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(UInt8(ascii: "x"))
        for byte in value {
            bytes.append(unsafe digits.utf8Start[Int(byte >> 4)])
            bytes.append(unsafe digits.utf8Start[Int(byte & 15)])
        }
    }
}
