/// A path template taken apart: `/orgs/{org_id}/members`, `/docs/{rest...}`.
struct PathTemplate {
    enum Segment: Equatable {
        case literal(String)
        case parameter(String)
        case rest(String)
    }

    let text: String
    let segments: [Segment]

    /// The parameters' names in their order; the rest's with `...` behind it.
    var names: [String] {
        segments.compactMap { segment in
            switch segment {
            case .literal: nil
            case .parameter(let name): name
            case .rest(let name): name + "..."
            }
        }
    }

    init(_ text: String) throws(RouteConflict) {
        guard text.hasPrefix("/") else { throw RouteConflict("the template \(text) does not begin with /") }
        self.text = text
        var segments: [Segment] = []
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            if case .rest = segments.last { throw RouteConflict("\(text): nothing may follow {…...}") }
            segments.append(try Self.segment(part, of: text))
        }
        self.segments = segments
        guard Set(names).count == names.count else { throw RouteConflict("\(text) names a parameter twice") }
    }

    private static func segment(_ part: Substring, of template: String) throws(RouteConflict) -> Segment {
        guard part.contains("{") || part.contains("}") else { return .literal(String(part)) }
        var name = part.dropFirst().dropLast()
        guard part.hasPrefix("{"), part.hasSuffix("}"), !name.contains("{"), !name.contains("}") else {
            throw RouteConflict("\(template): a parameter must be a whole segment")
        }
        let isRest = name.hasSuffix("...")
        if isRest { name = name.dropLast(3) }
        guard !name.isEmpty, name.utf8.allSatisfy({ Octet.isToken($0) && $0 != 46 }) else {
            throw RouteConflict("\(template): a parameter needs a name of letters, digits and _")
        }
        return isRest ? .rest(String(name)) : .parameter(String(name))
    }
}
