internal import Accounts
internal import Base
internal import Outbound
internal import Postgres

/// Turns the texts of the configuration into values, and keeps what is wrong with each.
struct ConfigurationFields {
    private let values: [String: ConfigurationValue]
    var problems: ConfigurationProblems

    init(_ reader: ConfigurationReader) {
        values = reader.values
        problems = reader.problems
    }

    /// The value as it stands; nil where there is none.
    func text(_ name: String) -> String? {
        guard let text = values[name]?.text, !text.isEmpty else { return nil }
        return text
    }

    /// A secret; nil where there is none.
    func secret(_ name: String) -> Secret? {
        text(name).map { Secret($0) }
    }

    /// Several secrets, comma separated; an empty one among them is an error.
    mutating func secrets(_ name: String) -> [Secret] {
        guard let text = text(name) else { return [] }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed }
        if parts.contains("") { problems.add(name, "holds an empty secret; remove the extra comma") }
        return parts.filter { !$0.isEmpty }.map { Secret($0) }
    }

    /// Secrets of Svix endpoints, comma separated.
    mutating func svixSecrets(_ name: String) -> [Secret] {
        let secrets = secrets(name)
        if secrets.contains(where: { SvixSignature.key($0) == nil }) {
            problems.add(name, "\(SvixSignature.keyForm); copy it from the endpoint's page")
        }
        return secrets
    }

    /// A list, comma separated.
    func list(_ name: String) -> [String] {
        text(name).map { $0.split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty } } ?? []
    }

    /// A list whose every part must be understood.
    mutating func parsed<Value>(_ name: String, _ complaint: String, _ parse: (String) -> Value?) -> [Value] {
        list(name).compactMap { part in
            let value = parse(part)
            if value == nil { problems.add(name, "\(part) \(complaint)") }
            return value
        }
    }

    /// A whole number within the range.
    mutating func integer(_ name: String, _ range: ClosedRange<Int64>) -> Int64 {
        guard let text = text(name), let value = Int64(text), range.contains(value) else {
            problems.add(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return range.lowerBound
        }
        return value
    }

    /// How many days are kept; nil: all.
    mutating func days(_ name: String, atLeast least: Int64) -> Int64? {
        let most: Int64 = 36_500
        guard let text = text(name), let value = Int64(text), value == 0 || (least...most).contains(value) else {
            problems.add(name, "must be 0 for all, or a whole number from \(least) to \(most)")
            return nil
        }
        return value == 0 ? nil : value
    }

    /// `true` or `false`.
    mutating func bool(_ name: String) -> Bool {
        switch text(name)?.lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off", nil: return false
        case .some:
            problems.add(name, "must be true or false")
            return false
        }
    }

    /// One of the cases of a type.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(_ name: String) -> Choice?
    where Choice.RawValue == String {
        guard let text = text(name) else { return nil }
        if let choice = Choice(rawValue: text.lowercased()) { return choice }
        problems.add(name, "must be one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
        return nil
    }

    /// Where a database is.
    mutating func database(_ name: String) -> ConnectionURI? {
        guard let text = text(name) else { return nil }
        do {
            return try ConnectionURI(text)
        } catch {
            problems.add(name, "is no libpq URI (\(error)); write postgresql://user@host/database")
            return nil
        }
    }

    /// Where a Redis server is.
    mutating func redis(_ name: String) -> RedisURL? {
        guard let secret = secret(name) else { return nil }
        do throws(RedisURLError) {
            return try RedisURL(secret.text)
        } catch {
            problems.add(
                name, "is no address of a Redis server: \(error); write redis://[:password@]host:port[/database]")
            return nil
        }
    }

    /// `host:port`, the host perhaps an IPv6 address in brackets.
    mutating func hostAndPort(_ name: String) -> String? {
        guard let text = text(name) else { return nil }
        if let colon = text.lastIndex(of: ":"), UInt16(text[text.index(after: colon)...]) != nil,
            colon > text.startIndex
        {
            return text
        }
        problems.add(name, "must be host:port, e.g. 127.0.0.1:8080")
        return nil
    }

    /// An issuer: an https URL, or http on a loopback host where that is allowed. Compared as it stands.
    mutating func issuer(_ name: String, allowsHTTP: Bool) -> String? {
        guard let text = text(name) else { return nil }
        guard let problem = IssuerURL.problem(text, allowsHTTP: allowsHTTP) else { return text }
        problems.add(name, problem)
        return nil
    }
}

extension StringProtocol {
    /// Without white space at either end.
    var trimmed: String {
        var part = self[...]
        while let first = part.first, first.isWhitespace { part = part.dropFirst() }
        while let last = part.last, last.isWhitespace { part = part.dropLast() }
        return String(part)
    }
}
