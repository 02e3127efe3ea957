public import Accounts
public import Base
public import Tokens

extension ProviderClient {
    /// What the issuer's userinfo endpoint says about the subject (OpenID Connect Core §5.3).
    ///
    /// - Parameters:
    ///   - bearer: an access token of the subject.
    ///   - subjects: the ids under which the issuer may name the subject; an answer about another is refused.
    /// - Returns: nil when the issuer has no such endpoint or does not take the token there.
    public func userinfo(
        of policy: IssuerPolicy, bearer: Secret, subjects: [String]
    ) async throws(ProviderError) -> LookedUpPerson? {
        let deadline = self.deadline
        guard let url = try await userinfoURL(of: policy, deadline: deadline) else { return nil }
        let response: FetchResponse
        do {
            response = try await get(url, deadline: deadline, bearer: bearer)
        } catch {
            if error.isRefusal { return nil }
            throw error
        }
        let claims = try object(response)
        guard let subject = claims["sub"]?.string, subjects.containsSame(as: subject) else { throw .subjectMismatch }
        return LookedUpPerson(
            email: claims["email"]?.string, isEmailVerified: claims["email_verified"]?.bool,
            details: PersonDetails(PersonClaims(claims)))
    }

    /// What Clerk's Backend API says about a user: `GET {apiURL}/v1/users/{id}`.
    ///
    /// - Returns: nil when there is no such user.
    public func clerkUser(_ id: String, access clerk: ClerkAccess) async throws(ProviderError) -> LookedUpPerson? {
        var base = clerk.apiURL.description
        while base.hasSuffix("/") { base.removeLast() }
        if base.hasSuffix("/v1") { base.removeLast(3) }
        guard Self.isClerkID(id), let url = WebURL("\(base)/v1/users/\(id)") else { return nil }
        guard access.allows(url) else { throw .refusedURL("clerk_api_url", url) }
        let response: FetchResponse
        do {
            response = try await get(url, deadline: deadline, bearer: clerk.secretKey)
        } catch {
            if error.status == 404 { return nil }
            throw error
        }
        let user = try object(response)
        guard user["id"]?.string?.isSame(as: id) == true else { throw .subjectMismatch }
        return LookedUpPerson(clerkUser: user)
    }

    private func userinfoURL(of policy: IssuerPolicy, deadline: Instant?) async throws(ProviderError) -> WebURL? {
        do {
            if let url = try await knownDiscovery(of: policy, deadline: deadline).userinfoEndpoint { return url }
        } catch  where error.status != nil {
            // An issuer without a discovery document may still be one with a fixed place.
        }
        let issuer = try access.issuer(of: policy)
        guard let text = ProviderEndpoints.userinfo(of: policy) else { return nil }
        return try access.endpoint("userinfo_endpoint", text, of: issuer)
    }

    /// Ids go into a path: only Clerk's own alphabet.
    private static func isClerkID(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count)
            && id.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || $0 == UInt8(ascii: "_")
            }
    }
}

extension ProviderError {
    /// Whether the other side answered that it won't answer this: any 4xx but "too many".
    fileprivate var isRefusal: Bool {
        guard let status else { return false }
        return (400..<500).contains(status) && status != 429 && status != 408
    }
}
