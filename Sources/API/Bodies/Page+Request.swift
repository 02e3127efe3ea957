internal import Accounts
internal import Base
internal import HTTP

extension Page {
    /// The part of a list that the query asks for by `limit` (1 to 1000, else 100) and `offset` (else 0).
    ///
    /// - Throws: 400 `validation_failed` naming the parameter.
    init(_ request: Request) throws(Problem) {
        var values: [String: Int] = [:]
        var problems: [Problem.Field] = []
        for part in (request.query ?? "").split(separator: "&") {
            let name = String(part.prefix { $0 != "=" })
            guard name == "limit" || name == "offset" else { continue }
            let text = part.dropFirst(name.count + 1)
            let range = name == "limit" ? 1...Page.maximumLimit : 0...Int(Int32.max)
            guard values[name] == nil, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
                range.contains(number)
            else {
                problems.append(
                    Problem.Field(name, "must be given once, a number from \(range.lowerBound) to \(range.upperBound)"))
                continue
            }
            values[name] = number
        }
        if !problems.isEmpty {
            throw Problem(.validationFailed, "The query asks for no part of a list.", details: problems)
        }
        self.init(limit: values["limit"] ?? Page.standard.limit, offset: values["offset"] ?? 0)
    }
}
