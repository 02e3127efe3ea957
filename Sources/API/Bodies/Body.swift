internal import Base
internal import HTTP

/// Reads the fields of a JSON body, and keeps what is wrong with each, so that the caller learns of all at once.
struct Body {
    private let root: JSON?
    private let unstorable: JSONError?
    private var known: Set<String> = []
    private var problems: [Problem.Field] = []

    /// The longest text of a field that has no limit of its own.
    static let longestText = 10_000

    /// Takes the body of a request.
    ///
    /// - Parameter isOptional: whether an empty body counts as an empty object.
    /// - Throws: 415 for another media type, 400 `bad_request` for what is no JSON object.
    init(_ request: Request, isOptional: Bool = false) throws(Problem) {
        if request.body.isEmpty {
            guard isOptional else { throw Problem(.badRequest, "The request needs a JSON object as its body.") }
            (root, unstorable) = (nil, nil)
            return
        }
        let type = request.field(.contentType)?.prefix { $0 != ";" }.lowercased().filter { $0 != " " } ?? ""
        guard type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json")) else {
            throw Problem(.unsupportedMediaType, "The body must be sent as Content-Type: application/json.")
        }
        do throws(JSONError) {
            (root, unstorable) = try Self.parse(request.body)
        } catch {
            throw Problem(.badRequest, "The body \(error).")
        }
        guard root?.kind == .object else { throw Problem(.badRequest, "The body must be a JSON object.") }
    }

    /// What the database can't hold is refused in the end; it is read nevertheless, so that the field is named.
    private static func parse(_ body: [UInt8]) throws(JSONError) -> (JSON, JSONError?) {
        do throws(JSONError) {
            return (try JSON.parse(body, limits: .storable), nil)
        } catch {
            guard error.reason == .nul else { throw error }
            return (try JSON.parse(body), error)
        }
    }

    /// A field as it is; nil where it is absent or null.
    mutating func value(_ name: String) -> JSON? {
        known.insert(name)
        guard let value = root?[name], !value.isNull else { return nil }
        return value
    }

    /// Whether the field is there, be it null.
    mutating func has(_ name: String) -> Bool {
        known.insert(name)
        return root?[name] != nil
    }

    /// Remembers that a field is wrong.
    mutating func complain(_ name: String, _ problem: String) {
        problems.append(Problem.Field(name, problem))
    }

    /// A text; nil where it is absent or null.
    mutating func text(_ name: String, max limit: Int = longestText) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else {
            complain(name, "must be a text")
            return nil
        }
        if text.unicodeScalars.count > limit { complain(name, "must have at most \(limit) characters") }
        if text.unicodeScalars.contains("\0") { complain(name, "must not hold a NUL character") }
        return text
    }

    /// A text that must be there and not be empty.
    mutating func requiredText(_ name: String, max limit: Int = longestText) -> String {
        let text = text(name, max: limit)
        if value(name) == nil {
            complain(name, "is required")
        } else if text == "" {
            complain(name, "must not be empty")
        }
        return text ?? ""
    }

    /// A truth value; nil where it is absent or null.
    mutating func bool(_ name: String) -> Bool? {
        guard let value = value(name) else { return nil }
        if value.bool == nil { complain(name, "must be true or false") }
        return value.bool
    }

    /// An id; nil where it is absent or null.
    mutating func id(_ name: String) -> EntityID? {
        guard let value = value(name) else { return nil }
        let id = value.string.flatMap { EntityID($0) }
        if id == nil { complain(name, "must be a UUID") }
        return id
    }

    /// To be called when all fields were asked for.
    ///
    /// - Throws: 400 `validation_failed` with every field that is wrong or unknown.
    func finish() throws(Problem) {
        var all = problems
        for member in root?.members ?? [] where !known.contains(member.name) {
            all.append(Problem.Field(String(member.name.prefix(100)), "is no known field"))
        }
        if all.isEmpty, let unstorable { throw Problem(.badRequest, "The body \(unstorable).") }
        guard !all.isEmpty else { return }
        throw Problem(.validationFailed, "Some fields are not as they should be; see details.", details: all)
    }
}
