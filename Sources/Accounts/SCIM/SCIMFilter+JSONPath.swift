internal import Base

extension SCIMFilter {
    /// The filter as an SQL/JSON path predicate over a resource in the schema's form, with `id` and `meta` besides.
    ///
    /// Everything in it is made of the schemas' own names and of texts written as JSON writes them.
    ///
    /// - Throws: `invalidFilter` for what the type has not, or what can't be compared like that.
    public func jsonPath(_ type: SCIMResourceType) throws(SCIMError) -> String {
        try predicate(JSONPathScope(type: type))
    }

    /// Whether the filter says anything of the attribute.
    public func mentions(_ name: String) -> Bool {
        switch self {
        case .and(let left, let right), .or(let left, let right): left.mentions(name) || right.mentions(name)
        case .not(let inner): inner.mentions(name)
        case .present(let path), .compare(let path, _, _), .values(let path, _):
            path.attribute.lowercased() == name.lowercased()
        }
    }

    private func predicate(_ scope: JSONPathScope) throws(SCIMError) -> String {
        switch self {
        case .and(let left, let right): return try "(\(left.predicate(scope)) && \(right.predicate(scope)))"
        case .or(let left, let right): return try "(\(left.predicate(scope)) || \(right.predicate(scope)))"
        case .not(let inner): return try "!(\(inner.predicate(scope)))"
        case .present(let path): return try "exists(\(scope.place(path).path))"
        case .compare(let path, let comparison, let literal):
            let place = try scope.place(path).leaf()
            return try JSONPathComparison(place: place, comparison: comparison, literal: literal).predicate
        case .values(let path, let inner):
            let place = try scope.place(path)
            guard place.attribute.isMultiValued else {
                throw SCIMError.bad(
                    .invalidFilter, "\(place.attribute.name) has one value; there is nothing to choose.")
            }
            return try "exists(\(place.path) ? (\(inner.predicate(JSONPathScope(attribute: place.attribute)))))"
        }
    }
}

/// Where in a resource an attribute lies.
private struct JSONPathPlace {
    var path: String
    var attribute: SCIMAttribute

    /// What is compared: of a complex attribute its value.
    func leaf() throws(SCIMError) -> JSONPathPlace {
        guard attribute.kind == .complex else { return self }
        guard attribute.isMultiValued, let value = attribute.part("value") else {
            throw SCIMError.bad(.invalidFilter, "\(attribute.name) has parts; name the one that is meant.")
        }
        return JSONPathPlace(path: "\(path).\"value\"", attribute: value)
    }
}

/// In what a path is looked up: a resource, or one value of an attribute.
private struct JSONPathScope {
    let root: String
    private let find: (SCIMPath) -> (prefix: String, attribute: SCIMAttribute)?

    init(type: SCIMResourceType) {
        root = "$"
        find = { path in
            if let schema = path.schema.flatMap({ type.extension($0) }) {
                return schema.attribute(path.attribute).map { (".\(JSONPathText.quoted(schema.id))", $0) }
            }
            guard path.schema.map({ $0.lowercased() == type.schema.id.lowercased() }) ?? true else { return nil }
            let common = SCIMSchema.common.first { $0.name.lowercased() == path.attribute.lowercased() }
            return (type.schema.attribute(path.attribute) ?? common).map { ("", $0) }
        }
    }

    init(attribute: SCIMAttribute) {
        root = "@"
        find = { path in path.schema == nil ? attribute.part(path.attribute).map { ("", $0) } : nil }
    }

    func place(_ path: SCIMPath) throws(SCIMError) -> JSONPathPlace {
        guard let (prefix, attribute) = find(path) else {
            throw SCIMError.bad(.invalidFilter, "There is no attribute \(path.attribute.prefix(100)).")
        }
        var place = JSONPathPlace(path: "\(root)\(prefix).\(JSONPathText.quoted(attribute.name))", attribute: attribute)
        if attribute.isMultiValued { place.path += "[*]" }
        guard let wanted = path.part else { return place }
        guard let part = attribute.part(wanted) else {
            throw SCIMError.bad(.invalidFilter, "\(attribute.name) has no \(wanted.prefix(100)).")
        }
        return JSONPathPlace(path: "\(place.path).\(JSONPathText.quoted(part.name))", attribute: part)
    }
}

/// One comparison.
private struct JSONPathComparison {
    let place: JSONPathPlace
    let comparison: SCIMFilter.Comparison
    let literal: SCIMFilter.Literal

    var predicate: String {
        get throws(SCIMError) {
            switch (literal, comparison) {
            case (.null, .eq): return "!(exists(\(place.path)))"
            case (.null, .ne): return "exists(\(place.path))"
            case (.bool(let flag), .eq) where place.attribute.kind == .boolean: return test("@ == \(flag)")
            case (.bool(let flag), .ne) where place.attribute.kind == .boolean: return "!(\(test("@ == \(flag)")))"
            case (.string(let text), .eq), (.string(let text), .ne):
                // Some clients write truth values as texts.
                let isFlag = place.attribute.kind == .boolean
                if isFlag, let flag = Bool(text.lowercased()) {
                    return try JSONPathComparison(place: place, comparison: comparison, literal: .bool(flag)).predicate
                }
                if isFlag { throw mismatch }
                return comparison == .eq ? try match(text) : "!(\(try match(text)))"
            case (.string(let text), _) where place.attribute.kind != .boolean: return try match(text)
            default: throw mismatch
            }
        }
    }

    private var mismatch: SCIMError {
        SCIMError.bad(.invalidFilter, "\(place.attribute.name) can't be compared like that.")
    }

    private func match(_ text: String) throws(SCIMError) -> String {
        if place.attribute.kind == .dateTime { return test("@ \(try order) \(JSONPathText.quoted(try moment(text)))") }
        switch comparison {
        case .eq, .ne:
            return place.attribute.isCaseExact ? test("@ == \(JSONPathText.quoted(text))") : regex("^", text, "$")
        case .co: return regex("", text, "")
        case .sw: return regex("^", text, "")
        case .ew: return regex("", text, "$")
        case .gt, .ge, .lt, .le: return test("@ \(try order) \(JSONPathText.quoted(text))")
        }
    }

    private var order: String {
        get throws(SCIMError) {
            switch comparison {
            case .eq, .ne: return "=="
            case .gt: return ">"
            case .ge: return ">="
            case .lt: return "<"
            case .le: return "<="
            case .co, .sw, .ew: throw mismatch
            }
        }
    }

    private func moment(_ text: String) throws(SCIMError) -> String {
        guard let moment = Timestamp(rfc3339: text[...]) else {
            throw SCIMError.bad(
                .invalidFilter, "\(place.attribute.name) is compared with a time such as 2030-01-31T09:05:00Z.")
        }
        // Compared as texts, so always with all six digits.
        let text = moment.description
        return text.contains(".") ? text : text.dropLast() + ".000000Z"
    }

    private func test(_ condition: String) -> String { "exists(\(place.path) ? (\(condition)))" }

    private func regex(_ before: String, _ text: String, _ behind: String) -> String {
        let flag = place.attribute.isCaseExact ? "" : " flag \"i\""
        let pattern = before + JSONPathText.escaped(text) + behind
        return test("@ like_regex \(JSONPathText.quoted(pattern))\(flag)")
    }
}

private enum JSONPathText {
    /// A text as JSON and SQL/JSON path write it.
    static func quoted(_ text: String) -> String {
        String(decoding: JSONWriter.make { $0.value(text) }, as: UTF8.self)
    }

    /// A text that a regular expression takes as it is: what is neither a letter nor a digit gets a backslash.
    static func escaped(_ text: String) -> String {
        var pattern = ""
        for scalar in text.unicodeScalars {
            if scalar.isASCII, scalar.value > 0x20, scalar.value < 0x7F, !scalar.properties.isAlphabetic,
                scalar.properties.numericType == nil, scalar != "_"
            {
                pattern += "\\"
            }
            pattern.unicodeScalars.append(scalar)
        }
        return pattern
    }
}

extension SCIMPath {
    /// Where in a resource the attribute lies, as an SQL/JSON path.
    ///
    /// - Throws: `invalidFilter` for what the type has not.
    public func jsonPath(_ type: SCIMResourceType) throws(SCIMError) -> String {
        try JSONPathScope(type: type).place(self).leaf().path
    }
}
