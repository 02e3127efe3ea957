/// The formats of a file.
public enum ImportFormat: String, Sendable, CaseIterable {
    /// A JSON object a line.
    case ndjson
    /// RFC 4180, with a header.
    case csv
}

/// Reads people out of the bytes of a file, piece by piece.
public protocol ImportReader {
    /// Takes the next bytes and gives the lines that they complete; blank lines are passed over.
    ///
    /// - Throws: ``ImportFileError`` where the file as a whole can't be read.
    mutating func read(_ bytes: ArraySlice<UInt8>) throws(ImportFileError) -> [ImportEntry]

    /// What the end of the file completes.
    mutating func end() throws(ImportFileError) -> [ImportEntry]
}

/// Why no line of a file can be read.
public struct ImportFileError: Error, Sendable, Equatable {
    /// A sentence that says how to mend it.
    public let sentence: String

    /// States it.
    public init(_ sentence: String) {
        self.sentence = sentence
    }
}
