internal import Base

/// `aud`: one string or an array of strings (RFC 7519 §4.1.3). Anything else is an audience that contains nobody.
struct Audience {
    private let members: [String]

    init(_ claim: JSON?) {
        if let single = claim?.string {
            members = [single]
        } else if let list = claim?.elements {
            let texts = list.compactMap(\.string)
            members = texts.count == list.count ? texts : []
        } else {
            members = []
        }
    }

    func contains(_ audience: String) -> Bool { members.containsSame(as: audience) }

    func containsAny(of audiences: [String]) -> Bool { audiences.contains(where: contains) }

    var words: String { members.isEmpty ? "nobody" : members.joined(separator: ", ") }
}

extension CheckRecorder {
    /// Holds `aud` against what is configured; nothing configured, nothing held.
    mutating func holdAudience(_ audience: Audience, _ wanted: [String]) throws(VerificationStop) {
        try hold(
            .audience, wanted.isEmpty || audience.containsAny(of: wanted),
            expected: wanted.isEmpty ? "anything" : "one of \(wanted.joined(separator: ", "))", actual: audience.words)
    }

    /// An optional claim that must be a short text where it is there. `null` is as good as absent.
    mutating func text(
        _ name: StaticString, _ claim: JSON?, limit: Int = 255
    ) throws(VerificationStop) -> String? {
        guard let claim, !claim.isNull else { return nil }
        let text = claim.string
        let fits = text.map { $0.utf8.count <= limit && !$0.hasControlCharacters } ?? false
        // Only failures are worth a line.
        if !fits {
            try require(
                .claimForm, false, expected: "\(name) a string of at most \(limit) bytes without control characters",
                actual: Optional(claim).words)
        }
        return text
    }
}

extension JSON {
    /// The text of an id: 1 to 255 bytes without control characters, which no store takes.
    var identifier: String? {
        guard let text = string, !text.isEmpty, text.utf8.count <= 255, !text.hasControlCharacters else { return nil }
        return text
    }

    /// The strings of an array, or a single string as one; what is no string is left out.
    var strings: [String] {
        if let single = string { return [single] }
        return elements?.compactMap(\.string) ?? []
    }

    /// The words of a text with spaces between them (RFC 6749 §3.3), or the strings of an array.
    var words: [String] {
        guard let text = string else { return strings }
        return text.split(separator: " ").map(String.init)
    }
}
