internal import Base

/// Reads a file with a JSON object a line; lines end with LF or CRLF, a byte order mark is passed over.
public struct NDJSONReader: ImportReader {
    private var held: [UInt8] = []
    private var isTooLong = false
    private var number = 1

    /// A reader at the beginning of a file.
    public init() {}

    /// See ``ImportReader``.
    public mutating func read(_ bytes: ArraySlice<UInt8>) -> [ImportEntry] {
        var entries: [ImportEntry] = []
        var rest = bytes
        while let end = rest.firstIndex(of: 0x0A) {
            hold(rest[rest.startIndex..<end])
            if let entry = finish() { entries.append(entry) }
            rest = rest[(end + 1)...]
        }
        hold(rest)
        return entries
    }

    /// See ``ImportReader``.
    public mutating func end() -> [ImportEntry] {
        finish().map { [$0] } ?? []
    }

    private mutating func hold(_ bytes: ArraySlice<UInt8>) {
        guard !isTooLong else { return }
        // One more for the CR that may end it.
        if held.count + bytes.count > ImportLimits.line + 1 {
            isTooLong = true
            held.removeAll()
        } else {
            held.append(contentsOf: bytes)
        }
    }

    private mutating func finish() -> ImportEntry? {
        let line = number
        number += 1
        defer {
            held.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        if held.last == 0x0D { held.removeLast() }
        if isTooLong || held.count > ImportLimits.line { return ImportEntry(line: line, .failure(.init(.lineTooLong))) }
        if line == 1, held.starts(with: [0xEF, 0xBB, 0xBF]) { held.removeFirst(3) }
        if held.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return nil }
        return ImportEntry(line: line, Result { () throws(ImportRefusal) in try Self.line(held) })
    }

    private static func line(_ text: [UInt8]) throws(ImportRefusal) -> ImportLine {
        let json: JSON
        do throws(JSONError) {
            json = try JSON.parse(text, limits: JSONLimits(depth: 4, values: 256, allowsNUL: false))
        } catch {
            throw ImportRefusal(.lineInvalid, "The line \(error.description).")
        }
        guard let members = json.members else { throw ImportRefusal(.lineInvalid, "The line is no JSON object.") }
        var fields = ImportFields()
        for (name, value) in members {
            guard ImportFields.names.contains(name) else {
                throw ImportRefusal(
                    .fieldInvalid, "There is a field that is none of \(ImportFields.names.joined(separator: ", ")).")
            }
            if value.isNull { continue }
            if name == "email_verified" {
                guard let flag = value.bool else {
                    throw ImportRefusal(.fieldInvalid, "email_verified must be true or false.")
                }
                fields.emailVerified = flag
            } else {
                guard let text = value.string, fields.set(name, text) else {
                    throw ImportRefusal(.fieldInvalid, "\(name) must be a text.")
                }
            }
        }
        return try fields.line()
    }
}
