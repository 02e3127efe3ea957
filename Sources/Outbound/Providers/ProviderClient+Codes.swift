public import Accounts
public import Base
public import Tokens

extension ProviderClient: CodeExchange {
    /// See ``CodeExchange``.
    public func authorizationEndpoint(of policy: IssuerPolicy) async throws(Problem) -> AuthorizationEndpoint {
        do throws(ProviderError) {
            let document = try await knownDiscovery(of: policy, deadline: deadline)
            if let url = document.authorizationEndpoint {
                return AuthorizationEndpoint(url.description, namesIssuer: document.namesIssuerInAnswers)
            }
        } catch {
            throw Self.away(error)
        }
        throw Problem(.conflict, "The provider's discovery document names no authorization_endpoint.")
    }

    /// See ``CodeExchange``.
    public func exchange(_ grant: CodeGrant, at policy: IssuerPolicy) async throws(Problem) -> [Secret] {
        let deadline = self.deadline
        let answer: JSON
        do throws(ProviderError) {
            guard let url = try await knownDiscovery(of: policy, deadline: deadline).tokenEndpoint else {
                throw ProviderError.unreadable("it names no token_endpoint")
            }
            answer = try object(try await post(grant, url))
        } catch {
            if let status = error.status, (400..<500).contains(status) {
                throw Problem(
                    .tokenClaimsInvalid, "The identity provider did not take the code; begin again.",
                    cause: error.message)
            }
            throw Self.away(error)
        }
        return ["id_token", "access_token"].compactMap { answer[$0]?.string }.map { Secret($0) }
    }

    private func post(_ grant: CodeGrant, _ url: WebURL) async throws(ProviderError) -> FetchResponse {
        var fields: [(name: String, value: String)] = [
            ("grant_type", "authorization_code"), ("code", grant.code), ("redirect_uri", grant.redirectURI),
            ("client_id", grant.clientID), ("code_verifier", grant.proofKey.verifier),
        ]
        if let secret = grant.clientSecret { fields.append(("client_secret", secret.text)) }
        var request = FetchRequest(.post, url, addresses: access.addresses)
        request.fields = [("Accept", "application/json")]
        request.body = .form(fields)
        request.limits = access.limits
        do throws(FetchError) {
            return try await http.fetch(request).requireSuccess(url)
        } catch {
            throw .fetch(error)
        }
    }

    private static func away(_ error: ProviderError) -> Problem {
        Problem(
            .jwksUnavailable, "The identity provider could not be asked. \(error.message)", cause: error.cause,
            retryAfter: 5)
    }
}
