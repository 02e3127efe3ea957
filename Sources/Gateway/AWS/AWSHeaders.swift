internal import Base
internal import HTTP

/// The headers of an event, by name in any case.
struct AWSHeaders {
    private static let screen = FieldScreen(single: [], unjoined: [], unaliased: DialectFields.unaliased)

    private var byName: [String: [String]] = [:]

    /// Reads `headers` and `multiValueHeaders`. The latter has every value, the former one of them or, in version 2.0,
    /// all joined by commas; a value that only the former has counts too, so that the two can't tell different stories.
    init(_ json: JSON) {
        for (name, value) in json["multiValueHeaders"]?.members ?? [] {
            byName[name.lowercased(), default: []] += (value.elements ?? [value]).compactMap(\.string)
        }
        let several = byName
        for (name, value) in json["headers"]?.members ?? [] {
            guard let text = value.string else { continue }
            let name = name.lowercased()
            if several[name]?.contains(text) == true { continue }
            byName[name, default: []].append(text)
        }
    }

    /// The header that another one is an alias of; see ``FieldDoubt``.
    var alias: FieldDoubt? {
        for name in byName.keys {
            if let original = Self.screen.original(ofAlias: name.utf8.span) { return .alias(original) }
        }
        return nil
    }

    /// Every value of a header.
    ///
    /// - Parameter name: in lower case.
    func values(_ name: String) -> [String] {
        byName[name] ?? []
    }

    /// Every value of a header; another place of the event where it has none.
    func values(_ name: String, orElse other: JSON?) -> [String] {
        byName[name] ?? other?.string.map { [$0] } ?? []
    }
}
