public import Accounts
public import Base
public import HTTP
public import Tokens

/// Finds out who makes a request. One per loop.
public protocol Callers: AnyObject {
    /// The verified token of a request, as a login.
    ///
    /// - Parameters:
    ///   - idToken: a second token of the same person, verified likewise.
    ///   - hints: what the request says about the person.
    ///   - bootstrapToken: what the body presents besides; the header `X-Bootstrap-Token` counts as well.
    /// - Throws: 401 with the failed check's code, 400 where there is more than one token, 503 `jwks_unavailable`.
    func login(
        of request: Request, idToken: Secret?, hints: PersonDetails, bootstrapToken: Secret?
    ) async throws(Problem) -> Login

    /// Where a request comes from, behind whatever gateways it passed.
    func clientAddress(of request: Request) -> IPAddress

    /// A second token that a request's body holds, verified likewise.
    ///
    /// - Throws: 401 with the failed check's code, 503 `jwks_unavailable`.
    func verify(_ token: Secret) async throws(Problem) -> VerifiedToken
}

extension Callers {
    /// The verified token of a request, as a login.
    func login(of request: Request) async throws(Problem) -> Login {
        try await login(of: request, idToken: nil, hints: .unknown, bootstrapToken: nil)
    }
}
