public import Accounts
internal import Base
public import HTTP

/// Where identity providers tell of events by themselves.
public final class WebhookRoutes {
    private let webhooks: Webhooks

    /// Puts the routes together.
    public init(webhooks: Webhooks) {
        self.webhooks = webhooks
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.post, "/webhooks/clerk") { try await self.clerk($0) },
            .immediate(.get, "/webhooks/okta") { try self.verifyOkta($0) },
            Route(.post, "/webhooks/okta") { try await self.okta($0) },
            Route(.post, "/webhooks/ssf") { try await self.securityEvent($0) },
        ]
    }

    private func clerk(_ request: Request) async throws -> Response {
        let headers = SvixHeaders(
            id: try Self.one(request, .svixID, or: .webhookID),
            timestamp: try Self.one(request, .svixTimestamp, or: .webhookTimestamp),
            signatures: try Self.one(request, .svixSignature, or: .webhookSignature))
        let outcome = try await webhooks.clerk(headers, request.body, requestID: request.id)
        return .data { $0.member("outcome", outcome.rawValue) }
    }

    /// The value of a header by its own name, or by that of Standard Webhooks.
    private static func one(_ request: Request, _ name: FieldName, or other: FieldName) throws(Problem) -> String {
        let values = request.fields(request.count(name) > 0 ? name : other)
        guard values.count == 1 else {
            throw Problem(.webhookSignatureInvalid, "The header \(name) must be there, once.")
        }
        return values[0]
    }

    /// Okta asks once whether the address is meant to get its events, and waits to see its own word again.
    private func verifyOkta(_ request: Request) throws -> Response {
        let values = request.fields(.authorization)
        // The value need not come with the challenge; a wrong one is told at once.
        if values.isEmpty { try webhooks.mustListenToOkta() } else { try webhooks.authenticateOkta(Self.only(values)) }
        let challenges = request.fields(.oktaChallenge)
        guard challenges.count == 1, (1...1024).contains(challenges[0].utf8.count) else {
            throw Problem(
                .badRequest, "The header X-Okta-Verification-Challenge must be there, once, with 1 to 1024 bytes.")
        }
        return Response(status: 200, json: JSONWriter.object { $0.member("verification", challenges[0]) })
    }

    private func okta(_ request: Request) async throws -> Response {
        let outcomes = try await webhooks.okta(
            authorization: Self.only(request.fields(.authorization)), request.body, requestID: request.id)
        return .data { writer in
            for outcome in WebhookEvent.Outcome.allCases {
                writer.member(outcome.rawValue, outcomes.count { $0 == outcome })
            }
        }
    }

    private static func only(_ values: [String]) -> Secret? {
        values.count == 1 ? Secret(values[0]) : nil
    }

    /// RFC 8935: 202 without a body, or 400 with an error of its own form.
    private func securityEvent(_ request: Request) async throws -> Response {
        do throws(SecurityEventRefusal) {
            let type = request.field(.contentType)?.prefix { $0 != ";" }.lowercased().filter { $0 != " " } ?? ""
            guard type == "application/secevent+jwt" else {
                throw .invalid("invalid_request", "The token must be sent as Content-Type: application/secevent+jwt.")
            }
            _ = try await webhooks.securityEvent(request.body, requestID: request.id)
            return Response(status: 202)
        } catch {
            switch error {
            case .unavailable(let problem): throw problem
            case .invalid(let code, let description):
                var response = Response(
                    status: 400,
                    json: JSONWriter.object { writer in
                        writer.member("err", code)
                        writer.member("description", description)
                    })
                response.set(.contentLanguage, "en")
                return response
            }
        }
    }
}

extension FieldName {
    fileprivate static let webhookID = FieldName("webhook-id")
    fileprivate static let webhookTimestamp = FieldName("webhook-timestamp")
    fileprivate static let webhookSignature = FieldName("webhook-signature")
    fileprivate static let oktaChallenge = FieldName("X-Okta-Verification-Challenge")
    fileprivate static let contentLanguage = FieldName("Content-Language")
}
