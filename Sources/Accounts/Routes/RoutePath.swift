/// The path of a request in the one form that rules are matched against.
///
/// A path that two parsers could read differently has no such form: what the gateway routes by and what the rule
/// was written for must not part.
public struct RoutePath: Sendable, Equatable {
    /// What makes a path ambiguous.
    public enum Ambiguity: String, Error, Sendable, CaseIterable {
        case empty = "it is empty"
        case notAbsolute = "it does not begin with a slash"
        case emptySegment = "it has two slashes in a row"
        case dotSegment = "it has a dot segment"
        case backslash = "it has a backslash"
        case semicolon = "it has a semicolon"
        case fragment = "it has a number sign"
        case control = "it has a control character or a blank"
        case encodedSlash = "it has an encoded slash"
        case encodedDot = "it has an encoded dot"
        case encodedDelimiter = "it has an encoded backslash, semicolon, question mark or number sign"
        case encodedControl = "it has an encoded control character"
        case doubleEncoding = "it is encoded twice"
        case brokenEncoding = "it has a percent sign without two hexadecimal digits"
        case invalidUTF8 = "it is not UTF-8"
    }

    /// The normalised path without query, unreserved characters decoded, other escapes in upper case.
    let bytes: [UInt8]
    /// Where its segments are. One slash at the end makes no segment.
    let segments: [Range<Int>]

    /// Normalises the path of a request target, or refuses it.
    ///
    /// - Parameter target: path and, after the first `?`, query, as the gateway received them.
    public init(_ target: String) throws(Ambiguity) {
        var target = target
        let result: Result<RoutePath, Ambiguity> = target.withUTF8 { bytes in
            do throws(Ambiguity) {
                return .success(try unsafe RoutePath(bytes: bytes))
            } catch {
                return .failure(error)
            }
        }
        self = try result.get()
    }

    /// Normalises the path of a request target in bytes, or refuses it.
    public init(bytes target: some Collection<UInt8>) throws(Ambiguity) {
        guard let first = target.first else { throw .empty }
        guard first == UInt8(ascii: "/") else { throw .notAbsolute }
        // A number sign is part of no request target; behind it a second parser may see another path.
        guard !target.contains(UInt8(ascii: "#")) else { throw .fragment }
        var scanner = PathScanner()
        for byte in target {
            if byte == UInt8(ascii: "?") { break }
            try scanner.take(byte)
        }
        (bytes, segments) = try scanner.finish()
    }

    /// A segment as text, with its escapes decoded.
    func text(_ position: Int) -> String {
        var text: [UInt8] = []
        var rest = bytes[segments[position]]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), let high = rest.popFirst(), let low = rest.popFirst() else {
                text.append(byte)
                continue
            }
            text.append((PathScanner.hex(high) ?? 0) << 4 | (PathScanner.hex(low) ?? 0))
        }
        return String(decoding: text, as: UTF8.self)
    }
}
