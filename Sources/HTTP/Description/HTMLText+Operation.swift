extension HTMLText {
    /// One operation, folded up.
    mutating func add(_ entry: DescribedPath.Entry, of path: DescribedPath) {
        let operation = entry.operation
        raw("<details><summary><span class=\"method\">\(entry.method)</span> ")
        element("code", path.path)
        text(" — \(operation.summary)")
        raw("</summary>")
        if let notes = operation.notes { prose("p", notes) }
        prose("p", Self.words(operation.access))
        if !path.aliases.isEmpty { prose("p", "Also " + path.aliases.map { "`\($0)`" }.joined(separator: ", ") + ".") }
        let parameters = path.parameters(of: operation)
        if !parameters.isEmpty {
            table("Parameters")
            for parameter in parameters {
                row(
                    parameter.name, "\(parameter.place.rawValue), \(parameter.isRequired ? "required" : "optional")",
                    parameter.schema, parameter.note)
            }
            raw("</table>")
        }
        if let body = operation.body {
            table("Body (\(body.mediaType)\(body.isRequired ? "" : ", may be left out"))")
            members(of: body.schema)
            raw("</table>")
        }
        table("Answers")
        for answer in operation.answers {
            raw("<tr>")
            element("td", String(answer.status))
            prose("td", answer.meaning)
            raw("<td>")
            if let schema = answer.schema {
                raw("<table>")
                members(of: schema)
                raw("</table>")
            } else {
                text(([answer.mediaType].compactMap { $0 } + answer.otherMediaTypes).joined(separator: ", "))
            }
            raw("</td></tr>")
        }
        for status in Refusals.statuses(operation, hasPathParameters: path.path.contains("{")) {
            raw("<tr>")
            element("td", String(status))
            prose("td", Refusals.meaning(status))
            raw("<td></td></tr>")
        }
        raw("</table></details>")
    }

    private mutating func table(_ caption: String) {
        raw("<table>")
        element("caption", caption)
    }

    private mutating func row(_ name: String, _ presence: String, _ schema: Schema, _ note: String?) {
        raw("<tr><td>")
        element("code", name)
        raw("</td>")
        element("td", presence)
        prose("td", schema.words + (note.map { ". \($0)" } ?? ""))
        raw("</tr>")
    }

    /// The rows of an object's members, those of objects within below them.
    private mutating func members(of schema: Schema, within prefix: String = "") {
        switch schema {
        case .component(_, let inner): members(of: inner, within: prefix)
        case .either(let forms): for form in forms { members(of: form, within: prefix) }
        case .array(let element, _): members(of: element, within: prefix + "[]")
        case .object(let properties):
            for property in properties {
                let name = prefix.isEmpty ? property.name : "\(prefix).\(property.name)"
                row(name, property.isRequired ? "always" : "optional", property.schema, property.note)
                members(of: property.schema, within: name)
            }
        case .anyObject, .string, .choice, .integer, .number, .bool, .null: break
        }
    }

    private static func words(_ access: Operation.Access) -> String {
        switch access {
        case .anyone: "No credential is needed."
        case .bearer: "`Authorization: Bearer` with a token of an identity provider."
        case .apiKey: "`X-API-Key` with an API key."
        case .bearerKey: "`Authorization: Bearer` with an API key."
        }
    }
}

extension Schema {
    /// The form in words.
    fileprivate var words: String {
        switch self {
        case .component(let name, _): name
        case .object, .anyObject: "object"
        case .array(let element, _): "list of " + element.words
        case .string(let length, let format, _):
            (format ?? "text") + (length.map { ", \($0.lowerBound) to \($0.upperBound) characters" } ?? "")
        case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .integer(let range): "whole number, \(range.lowerBound) to \(range.upperBound)"
        case .number: "number"
        case .bool: "true or false"
        case .null: "null"
        case .either(let forms): forms.map(\.words).joined(separator: " or ")
        }
    }
}
