internal import Accounts
internal import Base
internal import HTTP

/// Reads the parameters of a query, and keeps what is wrong with each. Parameters that nobody asks for are passed over.
struct Query {
    private var values: [String: String] = [:]
    private var problems: [Problem.Field] = []

    /// The longest value of a filter, in characters.
    static let longestText = 500

    /// Takes the query of a request apart.
    init(_ request: Request) {
        for part in (request.query ?? "").split(separator: "&") {
            let raw = part.prefix { $0 != "=" }
            guard let name = PercentEncoding.decode(raw.utf8.span, plusIsSpace: true) else { continue }
            let value = PercentEncoding.decode(part.dropFirst(raw.count + 1).utf8.span, plusIsSpace: true)
            if values[name] != nil {
                complain(name, "must be given once")
            } else if let value, !value.unicodeScalars.contains("\0") {
                values[name] = value
            } else {
                complain(name, "must be percent-encoded text")
                values[name] = ""
            }
        }
    }

    private mutating func complain(_ name: String, _ problem: String) {
        problems.append(Problem.Field(String(name.prefix(100)), problem))
    }

    /// A text; nil where it is absent.
    mutating func text(_ name: String) -> String? {
        guard let text = values[name] else { return nil }
        if !(1...Self.longestText).contains(text.unicodeScalars.count) {
            complain(name, "must have 1 to \(Self.longestText) characters")
        }
        return text
    }

    /// A value that `read` understands; nil where it is absent.
    mutating func value<Value>(_ name: String, _ wanted: String, _ read: (String) -> Value?) -> Value? {
        guard let text = values[name] else { return nil }
        let value = read(text)
        if value == nil { complain(name, wanted) }
        return value
    }

    /// An id; nil where it is absent.
    mutating func id(_ name: String) -> EntityID? {
        value(name, "must be a UUID") { EntityID($0) }
    }

    /// A truth value; nil where it is absent.
    mutating func bool(_ name: String) -> Bool? {
        value(name, "must be true or false") { $0 == "true" ? true : $0 == "false" ? false : nil }
    }

    /// A moment; nil where it is absent.
    mutating func timestamp(_ name: String) -> Timestamp? {
        value(name, "must be a time as RFC 3339 writes it, e.g. 2030-01-31T09:05:00Z (a + as %2B)") {
            Timestamp(rfc3339: $0)
        }
    }

    /// One of a few words; nil where it is absent.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, of type: Choice.Type = Choice.self
    ) -> Choice? {
        value(name, "must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))") {
            Choice(rawValue: $0)
        }
    }

    /// The part of a list that is asked for by `limit` (1 to the maximum, else the standard) and `offset` (else 0).
    mutating func page(standard: Int = Page.standard.limit, maximum: Int = Page.maximumLimit) -> Page {
        let limit = number("limit", 1...maximum) ?? standard
        return Page(limit: limit, offset: number("offset", 0...Int(Int32.max)) ?? 0, maximum: maximum)
    }

    private mutating func number(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        value(name, "must be a number from \(range.lowerBound) to \(range.upperBound)") { text in
            guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), range.contains(number)
            else { return nil }
            return number
        }
    }

    /// To be called when all parameters were asked for.
    ///
    /// - Throws: 400 `validation_failed` with every parameter that is wrong.
    func finish() throws(Problem) {
        guard !problems.isEmpty else { return }
        throw Problem(
            .validationFailed, "Some parameters of the query are not as they should be; see details.", details: problems
        )
    }
}
