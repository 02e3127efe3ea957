public import Accounts
public import Base
public import HTTP

/// Lets org directories in by their API keys, and answers what goes wrong as RFC 7644 §3.12 has it. One per loop.
public final class SCIMDoor {
    /// Where everything lies.
    static let base = "/scim/v2"
    private let programs: KeyCallers
    private let callers: any Callers
    private let cache: PrincipalCache

    /// Puts the door together.
    ///
    /// - Parameters:
    ///   - callers: says where a request comes from.
    ///   - cache: forgets at once what a request has changed, before the database's notice comes round.
    public init(programs: KeyCallers, callers: any Callers, cache: PrincipalCache) {
        self.programs = programs
        self.callers = callers
        self.cache = cache
    }

    /// A route below ``base``; nobody comes in without a key.
    func route(
        _ method: Method, _ path: String, _ operation: Operation,
        _ body: @escaping (SCIMRequest) async throws -> Response
    ) -> Route {
        let route = Route(method, Self.base + path) { request in
            do {
                return try await body(try await self.enter(request))
            } catch let error as SCIMError {
                return .scim(error)
            }
        }
        return route.described(operation)
    }

    /// The answer to a problem of a request below ``base``; nil elsewhere.
    public static func answer(_ problem: Problem, _ request: Request) -> Response? {
        request.path.hasPrefix(base + "/") ? .scim(problem) : nil
    }

    /// To be told whose account a request has changed: the next request sees it.
    func changed(_ people: [EntityID]) {
        for person in people { cache.apply(.user(person)) }
    }

    private func enter(_ request: Request) async throws(Problem) -> SCIMRequest {
        let key: APIKey
        do throws(Problem) {
            key = try await programs.key(of: request, module: APIKey.scimModule, acceptsBearer: true)
        } catch {
            guard error.code == .apiKeyInvalid else { throw error }
            throw Problem(
                .apiKeyInvalid,
                "An API key of the organization's directory is needed: send it as Authorization: Bearer.",
                cause: error.cause)
        }
        guard let org = key.orgID else { throw KeyGate.invalid(cause: "no_org") }
        let caller = SCIMCaller(
            orgID: org, keyID: key.keyID, requestID: request.id, clientAddress: callers.clientAddress(of: request))
        return SCIMRequest(http: request, caller: caller)
    }
}

extension Response {
    /// A document of SCIM (RFC 7644 §3.1).
    static func scim(_ status: Int = 200, _ json: [UInt8]) -> Response {
        Response(status: status, fields: [(.contentType, "application/scim+json")], body: json)
    }

    /// The error of RFC 7644 §3.12.
    static func scim(_ error: SCIMError) -> Response {
        scim(error.status, errorBody(error.status, error.kind, error.detail))
    }

    /// The same of a problem that the rest of the service has a name for.
    static func scim(_ problem: Problem) -> Response {
        let fields = problem.details.map { "\($0.field) \($0.problem)" }.joined(separator: "; ")
        var response = scim(
            problem.status,
            errorBody(
                problem.status, problem.code == .validationFailed ? .invalidValue : nil,
                fields.isEmpty ? problem.message : fields))
        if let seconds = problem.retryAfter { response.fields.append((.retryAfter, String(seconds))) }
        if problem.status == 401 { response.fields.append((.wwwAuthenticate, "Bearer realm=\"vestibule\"")) }
        return response
    }

    private static func errorBody(_ status: Int, _ kind: SCIMError.Kind?, _ detail: String) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("schemas", ["urn:ietf:params:scim:api:messages:2.0:Error"])
            writer.member("status", String(status))
            writer.memberIfPresent("scimType", kind?.rawValue)
            writer.member("detail", detail)
        }
    }
}
