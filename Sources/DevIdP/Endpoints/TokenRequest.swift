internal import Base
internal import HTTP

/// What a caller asks of the minting endpoint, from a query or a JSON body.
struct TokenRequest {
    var shape = TokenShape.oktaAccess
    var person: Person
    var claims: JSON?
    var header: JSON?
    var expiresIn: Int64?
    var kind = SigningKey.Kind.rs256

    static let names = [
        "shape", "email", "email_verified", "sub", "claims", "header", "expires_in", "alg",
    ]

    /// Reads the request: a JSON body where there is one, else the query.
    init(_ request: Request) throws(Problem) {
        let values = request.body.isEmpty ? try Self.fromQuery(request) : try Self.fromBody(request)
        var problems: [Problem.Field] = []
        for (name, _) in values where !Self.names.contains(name) {
            problems.append(.init(name, "is unknown; known are \(Self.names.joined(separator: ", "))"))
        }
        func value(_ name: String) -> JSON? { values.first { $0.name == name }?.value }
        func text(_ name: String) -> String? {
            guard let value = value(name), !value.isNull else { return nil }
            if value.string == nil { problems.append(.init(name, "must be a text")) }
            return value.string
        }
        func object(_ name: String) -> JSON? {
            guard let value = value(name), !value.isNull else { return nil }
            if value.members == nil {
                problems.append(.init(name, "must be an object; null as a value removes a name"))
            }
            return value
        }

        if let name = text("shape") {
            if let known = TokenShape(named: name) {
                shape = known
            } else {
                let known = TokenShape.allCases.map(\.rawValue).joined(separator: ", ")
                problems.append(.init("shape", "must be one of \(known)"))
            }
        }
        if let name = text("alg") {
            if let known = SigningKey.Kind(rawValue: name) {
                kind = known
            } else {
                problems.append(.init("alg", "must be RS256 or ES256"))
            }
        }
        if let value = value("expires_in"), !value.isNull {
            expiresIn = value.int ?? value.string.flatMap { Int64($0) }
            // Wide enough to test any clock, narrow enough that no sum overflows.
            if expiresIn.map({ abs($0) > 10_000_000_000 }) ?? true {
                problems.append(.init("expires_in", "must be seconds, a whole number; negative ones are past"))
            }
        }
        let email = text("email")
        if email?.contains("@") != true { problems.append(.init("email", "must be an e-mail address")) }
        let verified = value("email_verified")
        let flag = verified?.bool ?? verified?.string.flatMap { Bool($0) }
        if let verified, !verified.isNull, flag == nil {
            problems.append(.init("email_verified", "must be true or false; null leaves the claim out"))
        }
        person = Person(
            email: email ?? "", emailVerified: verified == nil ? true : flag, chosenSubject: text("sub"))
        claims = object("claims")
        header = object("header")
        if !problems.isEmpty {
            throw Problem(.validationFailed, "The token can't be made as asked.", details: problems)
        }
    }

    private static func fromBody(_ request: Request) throws(Problem) -> [(name: String, value: JSON)] {
        do {
            if let members = try JSON.parse(request.body).members { return members }
        } catch {
            throw Problem(.badRequest, "The body is not valid JSON: \(error).")
        }
        throw Problem(.badRequest, "The body must be a JSON object.")
    }

    /// Texts stay texts, except where only JSON makes sense.
    private static func fromQuery(_ request: Request) throws(Problem) -> [(name: String, value: JSON)] {
        guard let form = FormFields(request.query ?? "") else {
            throw Problem(.badRequest, "The query is not well formed.")
        }
        var values: [(name: String, value: JSON)] = []
        for (name, value) in form.fields {
            // In a form + means a space, which no e-mail holds: whoever typed one meant the plus.
            var text = JSONWriter.make {
                $0.value(name == "email" ? String(value.map { $0 == " " ? "+" : $0 }) : value)
            }
            if ["claims", "header"].contains(name) || name == "email_verified" && value == "null" {
                text = Array(value.utf8)
            }
            do {
                values.append((name, try JSON.parse(text)))
            } catch {
                throw Problem(.badRequest, "\(name) is not valid JSON: \(error).")
            }
        }
        return values
    }
}
