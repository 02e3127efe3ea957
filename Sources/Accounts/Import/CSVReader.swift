internal import Base

/// Reads a CSV file (RFC 4180) whose first record names the fields; records end with LF or CRLF.
public struct CSVReader: ImportReader {
    private enum State {
        /// Before the first byte of a field.
        case start
        case plain
        case quoted
        /// Behind a quote inside a quoted field: its end, or one half of a doubled quote.
        case quote
        /// The record can't be read; its rest is passed over.
        case broken
    }

    private var state = State.start
    private var record: [UInt8] = []
    /// Where each field of the record ends.
    private var ends: [Int] = []
    private var size = 0
    private var refusal: ImportRefusal?
    private var line = 1
    private var firstLine = 1
    private var columns: [String]?
    private var mark = 0

    /// A reader at the beginning of a file.
    public init() {}

    /// See ``ImportReader``.
    public mutating func read(_ bytes: ArraySlice<UInt8>) throws(ImportFileError) -> [ImportEntry] {
        var entries: [ImportEntry] = []
        for byte in bytes {
            if mark < 3 {
                if byte == [0xEF, 0xBB, 0xBF][mark] {
                    mark += 1
                    continue
                }
                if mark > 0 { throw ImportFileError("the file is not in UTF-8") }
                mark = 3
            }
            if take(byte), let entry = try finish() { entries.append(entry) }
        }
        return entries
    }

    /// See ``ImportReader``.
    public mutating func end() throws(ImportFileError) -> [ImportEntry] {
        if state == .quoted { refuse(.init(.lineInvalid, "A quoted field does not end.")) }
        if size == 0 {
            if columns == nil { throw ImportFileError("the file is empty; its first line must name the fields") }
            return []
        }
        return try finish().map { [$0] } ?? []
    }

    /// Whether the byte ends the record.
    private mutating func take(_ byte: UInt8) -> Bool {
        let isNewline = byte == 0x0A
        if isNewline { line += 1 }
        if isNewline, state != .quoted { return true }
        size += 1
        if size > ImportLimits.line, byte != 0x0D, state != .broken { refuse(.init(.lineTooLong)) }
        switch state {
        case .broken: break
        case .start where byte == 0x22: state = .quoted
        case .start, .plain:
            if byte == 0x2C {
                next()
            } else if byte == 0x22 {
                refuse(.init(.lineInvalid, "A quote stands inside a field that is not quoted."))
            } else {
                state = .plain
                record.append(byte)
            }
        case .quoted:
            if byte == 0x22 { state = .quote } else { record.append(byte) }
        case .quote:
            if byte == 0x22 {
                record.append(byte)
                state = .quoted
            } else if byte == 0x2C {
                next()
            } else if byte != 0x0D {
                refuse(.init(.lineInvalid, "Something stands behind the end of a quoted field."))
            }
        }
        return false
    }

    private mutating func next() {
        ends.append(record.count)
        state = .start
    }

    private mutating func refuse(_ why: ImportRefusal) {
        refusal = refusal ?? why
        state = .broken
        record.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    private mutating func finish() throws(ImportFileError) -> ImportEntry? {
        defer {
            state = .start
            record.removeAll(keepingCapacity: true)
            ends.removeAll(keepingCapacity: true)
            size = 0
            refusal = nil
            firstLine = line
        }
        // The CR of a CRLF; inside quotes it belongs to the field.
        if state == .plain, record.last == 0x0D { record.removeLast() }
        ends.append(record.count)
        let isBlank = refusal == nil && ends.count == 1 && record.isEmpty && state != .quote
        if isBlank { return nil }
        guard let columns else {
            try takeHeader()
            return nil
        }
        return ImportEntry(
            line: firstLine, Result { () throws(ImportRefusal) in try person(columns) })
    }

    private func texts() -> [String]? {
        var texts: [String] = []
        var start = 0
        for end in ends {
            guard let text = String(validating: record[start..<end], as: UTF8.self), !text.utf8.contains(0) else {
                return nil
            }
            texts.append(text)
            start = end
        }
        return texts
    }

    private mutating func takeHeader() throws(ImportFileError) {
        guard refusal == nil, let names = texts(), names.count <= ImportLimits.columns else {
            throw ImportFileError("the first line can't be read; it must name the fields, separated by commas")
        }
        for (index, name) in names.enumerated() {
            guard ImportFields.names.contains(name) else {
                throw ImportFileError(
                    "column \(index + 1) has a name that is none of \(ImportFields.names.joined(separator: ", "))")
            }
            if names[..<index].contains(name) { throw ImportFileError("two columns are named \(name)") }
        }
        guard names.contains("email") else { throw ImportFileError("there is no column email") }
        columns = names
    }

    private func person(_ columns: [String]) throws(ImportRefusal) -> ImportLine {
        if let refusal { throw refusal }
        guard let values = texts() else { throw ImportRefusal(.lineInvalid, "The line is not in UTF-8, or holds NUL.") }
        guard values.count == columns.count else {
            throw ImportRefusal(.lineInvalid, "The line has \(values.count) fields, the header \(columns.count).")
        }
        var fields = ImportFields()
        for (name, value) in zip(columns, values) {
            if name == "email_verified" {
                switch value {
                case "": break
                case "true", "TRUE", "True": fields.emailVerified = true
                case "false", "FALSE", "False": fields.emailVerified = false
                default: throw ImportRefusal(.fieldInvalid, "email_verified must be true or false.")
                }
            } else {
                _ = fields.set(name, value)
            }
        }
        return try fields.line()
    }
}
