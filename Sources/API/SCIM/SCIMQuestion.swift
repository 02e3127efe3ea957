internal import Accounts
internal import Base
internal import HTTP

/// What a client wants to see: which resources, and what of each. From a query, or the body of a `.search`
/// (RFC 7644 §3.4.2, §3.4.3, §3.9).
struct SCIMQuestion {
    var query = SCIMQuery()
    var projection = SCIMProjection()

    /// The longest list of attributes, characters.
    static let longestList = 8192

    /// Reads the parameters of a query. What nobody knows is passed over.
    init(_ request: Request) throws(SCIMError) {
        var values: [String: String] = [:]
        for part in (request.query ?? "").split(separator: "&") {
            let raw = part.prefix { $0 != "=" }
            guard let name = PercentEncoding.decode(raw.utf8.span, plusIsSpace: true)?.lowercased() else { continue }
            guard let value = PercentEncoding.decode(part.dropFirst(raw.count + 1).utf8.span, plusIsSpace: true),
                !value.unicodeScalars.contains("\0")
            else { throw SCIMError.bad(.invalidValue, "\(name.prefix(100)) must be percent-encoded text.") }
            guard values.updateValue(value, forKey: name) == nil else {
                throw SCIMError.bad(.invalidValue, "\(name.prefix(100)) must be given once.")
            }
        }
        func list(_ name: String) -> [String] { (values[name] ?? "").split(separator: ",").map { String($0) } }
        try read(
            filter: values["filter"], sortBy: values["sortby"], sortOrder: values["sortorder"],
            startIndex: try Self.number(values["startindex"], "startIndex"),
            count: try Self.number(values["count"], "count"), attributes: list("attributes"),
            excluded: list("excludedattributes"))
    }

    /// Reads a search request.
    init(_ body: JSON) throws(SCIMError) {
        func member(_ name: String) -> JSON? {
            body.members?.first { $0.name.lowercased() == name.lowercased() }.flatMap {
                $0.value.isNull ? nil : $0.value
            }
        }
        func text(_ name: String) throws(SCIMError) -> String? {
            guard let value = member(name) else { return nil }
            guard let text = value.string else { throw SCIMError.bad(.invalidValue, "\(name) must be a text.") }
            return text
        }
        func number(_ name: String) throws(SCIMError) -> Int? {
            guard let value = member(name) else { return nil }
            guard let number = value.int else { throw SCIMError.bad(.invalidValue, "\(name) must be a whole number.") }
            return Int(clamping: number)
        }
        func list(_ name: String) -> [String] { member(name)?.elements?.compactMap(\.string) ?? [] }
        try read(
            filter: try text("filter"), sortBy: try text("sortBy"), sortOrder: try text("sortOrder"),
            startIndex: try number("startIndex"), count: try number("count"), attributes: list("attributes"),
            excluded: list("excludedAttributes"))
    }

    private mutating func read(
        filter: String?, sortBy: String?, sortOrder: String?, startIndex: Int?, count: Int?, attributes: [String],
        excluded: [String]
    ) throws(SCIMError) {
        query.filter = try filter.map { (text) throws(SCIMError) in try SCIMFilter(text) }
        query.sortBy = try sortBy.map { (text) throws(SCIMError) in try SCIMPath(text) }
        switch sortOrder?.lowercased() {
        case nil, "ascending": break
        case "descending": query.isDescending = true
        default: throw SCIMError.bad(.invalidValue, "sortOrder must be ascending or descending.")
        }
        // What is out of range is brought into it (RFC 7644 §3.4.2.4).
        query.startIndex = min(max(startIndex ?? 1, 1), Int(Int32.max))
        query.count = min(max(count ?? SCIMQuery.standardCount, 0), SCIMQuery.maximumCount)
        guard (attributes + excluded).reduce(0, { $0 + $1.utf8.count }) <= Self.longestList else {
            throw SCIMError.bad(.invalidValue, "attributes must have at most \(Self.longestList) bytes.")
        }
        projection = try SCIMProjection(attributes: attributes, excluded: excluded)
    }

    private static func number(_ text: String?, _ name: String) throws(SCIMError) -> Int? {
        guard let text else { return nil }
        guard text.utf8.count <= 20, let number = Int(text) else {
            throw SCIMError.bad(.invalidValue, "\(name) must be a whole number.")
        }
        return number
    }
}
