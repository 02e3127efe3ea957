public import Accounts
public import Base
public import HTTP
internal import Tokens

/// Signing in and out at the console. The token lies in a cookie that scripts can't read.
public final class SignInRoutes {
    private let signIn: ConsoleSignIn
    private let callers: any Callers
    private let cookies: ConsoleCookies
    private let sameOrigin: SameOrigin
    private let clock: Clock
    private let log: Logger

    /// Puts the routes together.
    public init(
        signIn: ConsoleSignIn, callers: any Callers, cookies: ConsoleCookies, sameOrigin: SameOrigin, clock: Clock,
        log: Logger
    ) {
        self.sameOrigin = sameOrigin
        self.signIn = signIn
        self.callers = callers
        self.cookies = cookies
        self.clock = clock
        self.log = log
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.get, "/admin/session/begin") { await self.begin($0) }.described(ConsoleOperations.begin),
            Route(.get, ConsoleSignIn.callback) { await self.finish($0) }.described(ConsoleOperations.callback),
            Route(.post, "/admin/session") { try await self.present($0) }.described(ConsoleOperations.present),
            Route(.delete, "/admin/session") { try await self.end($0) }.described(ConsoleOperations.end),
        ]
    }

    private func begin(_ request: Request) async -> Response {
        do throws(Problem) {
            var query = Query(request)
            let again = query.bool("again") ?? false
            try query.finish()
            let (location, ticket) = try await signIn.begin(again: again)
            var response = Response(status: 303, fields: [(.location, location)])
            response.fields.append((.setCookie, cookies.ticket(ticket.text)))
            return response
        } catch {
            return failed(error, request)
        }
    }

    /// Where the provider sends the browser back to. A failure is told by the page, which knows the codes; nothing
    /// that comes from outside is shown.
    private func finish(_ request: Request) async -> Response {
        do throws(Problem) {
            var query = Query(request)
            let code = query.value("code", "") { $0 } ?? ""
            let state = query.value("state", "") { $0 } ?? ""
            let issuer = query.value("iss", "") { $0 }
            if let error = query.value("error", "", { $0 }) {
                throw Problem(.forbidden, "The identity provider did not let you in.", cause: String(error.prefix(100)))
            }
            try query.finish()
            let ticket = try request.cookie(cookies.ticketName).flatMap { SignInTicket($0) }
            let (tokens, expected) = try await signIn.finish(code: code, state: state, issuer: issuer, ticket: ticket)
            var response = Response(status: 303, fields: [(.location, "/admin/")])
            response.fields.append((.setCookie, try await cookie(for: tokens, of: expected)))
            response.fields.append((.setCookie, cookies.noTicket))
            return response
        } catch {
            return failed(error, request)
        }
    }

    /// The first of the tokens that is good; the first one's problem when none is.
    private func cookie(for tokens: [Secret], of issuer: String) async throws(Problem) -> String {
        var problem: Problem?
        for token in tokens {
            do throws(Problem) {
                return try await cookie(for: token, of: issuer)
            } catch {
                problem = problem ?? error
            }
        }
        throw problem ?? Problem(.tokenMissing, "The identity provider gave no token.")
    }

    private func cookie(for token: Secret, of issuer: String? = nil) async throws(Problem) -> String {
        let verified = try await callers.verify(token)
        guard issuer == nil || verified.issuer == issuer else {
            throw Problem(.tokenIssuerUnknown, "The identity provider gave a token of another issuer.")
        }
        guard token.count <= ConsoleCookies.longestToken else {
            throw Problem(
                .payloadTooLarge,
                "The token has more than \(ConsoleCookies.longestToken) bytes, which no cookie holds; "
                    + "have the identity provider put fewer claims into it.")
        }
        return cookies.token(token.text, seconds: max(1, verified.expiresAt.seconds - clock.wall().seconds))
    }

    /// For providers without a login of their own here: the person brings a token.
    private func present(_ request: Request) async throws -> Response {
        try sameOrigin.check(request)
        var body = try Body(request)
        let token = Secret(body.requiredText("token", max: 16_384))
        try body.finish()
        var response = Response.data { $0.member("signed_in", true) }
        response.fields.append((.setCookie, try await cookie(for: token)))
        return response
    }

    private func end(_ request: Request) async throws -> Response {
        try sameOrigin.check(request)
        var response = Response.data { $0.member("signed_in", false) }
        response.fields.append((.setCookie, cookies.noToken))
        return response
    }

    private func failed(_ problem: Problem, _ request: Request) -> Response {
        log.warning(
            "console_sign_in_failed",
            [
                .text("request_id", request.id), .text("code", problem.code.rawValue),
                .text("cause", problem.cause ?? problem.message),
            ])
        var response = Response(status: 303, fields: [(.location, "/admin/?sign_in=\(problem.code.rawValue)")])
        response.fields.append((.setCookie, cookies.noTicket))
        return response
    }
}
