public import Base
public import Tokens

/// Asks identity providers for what they publish: discovery, key sets, and (in its extensions) people. Belongs to its loop.
public final class ProviderClient {
    let http: HTTPClient
    let loop: EventLoop
    /// Where providers may be looked for.
    public let access: ProviderAccess

    private var discovered: [String: (document: Discovery, until: Instant)] = [:]
    private static let discoveryLifetime = Duration.seconds(3600)
    private static let largestCount = 64

    /// A client that asks over the given one.
    public init(http: HTTPClient, loop: EventLoop, access: ProviderAccess) {
        self.http = http
        self.loop = loop
        self.access = access
    }

    /// The issuer's discovery document, fetched anew.
    ///
    /// - Throws: ``ProviderError``, also when the document is of another issuer or names a URL that may not be used.
    public func discovery(of policy: IssuerPolicy) async throws(ProviderError) -> Discovery {
        try await discovery(of: policy, deadline: deadline)
    }

    /// The issuer's key set: at the configured URL, else at Okta's fixed place, else where discovery says, else at
    /// `/.well-known/jwks.json`. All requests together stay within one time limit.
    public func keySet(of policy: IssuerPolicy) async throws(ProviderError) -> FetchedKeySet {
        let deadline = self.deadline
        let url = try await keySetURL(of: policy, deadline: deadline)
        do throws(ProviderError) {
            let response = try await get(url, deadline: deadline)
            let keys: KeySet
            do throws(KeySetError) { keys = try KeySet(parsing: response.body) } catch {
                throw ProviderError.keySet(error)
            }
            return FetchedKeySet(
                keys: keys, url: url, lifetime: CacheControl.lifetime(of: response),
                date: response.field("date").flatMap(HTTPDate.parse), timings: response.timings)
        } catch {
            // The place may have changed.
            discovered[policy.issuer] = nil
            throw error
        }
    }

    /// The discovery document, not older than an hour.
    func knownDiscovery(of policy: IssuerPolicy, deadline: Instant?) async throws(ProviderError) -> Discovery {
        if let known = discovered[policy.issuer], known.until > loop.clock.monotonic() { return known.document }
        let document = try await discovery(of: policy, deadline: deadline)
        if discovered.count >= Self.largestCount { discovered.removeAll() }
        discovered[policy.issuer] = (document, loop.clock.monotonic() + Self.discoveryLifetime)
        return document
    }

    /// When an operation that begins now must be done.
    var deadline: Instant? { access.limits.total.map { loop.clock.monotonic() + $0 } }

    /// A GET whose answer must be a success.
    func get(
        _ url: WebURL, deadline: Instant?, bearer: Secret? = nil
    ) async throws(ProviderError) -> FetchResponse {
        var request = FetchRequest(.get, url, addresses: access.addresses)
        request.fields = [("Accept", "application/json")]
        request.bearer = bearer
        request.limits = access.limits
        // A bearer token goes nowhere but where it was meant to go.
        request.redirects = bearer == nil ? .sameOrigin(atMost: 3) : .none
        do throws(FetchError) {
            if let deadline {
                let left = deadline - loop.clock.monotonic()
                guard left > .zero else { throw FetchError(.timeout, url) }
                request.limits.total = left
            }
            return try await http.fetch(request).requireSuccess(url)
        } catch {
            throw .fetch(error)
        }
    }

    /// The answer's body as a JSON object.
    func object(_ response: FetchResponse) throws(ProviderError) -> JSON {
        do throws(JSONError) {
            let document = try JSON.parse(response.body)
            if document.kind == .object { return document }
        } catch {
            throw .unreadable("it is not JSON (\(error))")
        }
        throw .unreadable("it is not a JSON object")
    }

    private func discovery(of policy: IssuerPolicy, deadline: Instant?) async throws(ProviderError) -> Discovery {
        let issuer = try access.issuer(of: policy)
        let text = ProviderEndpoints.discovery(of: policy)
        guard let url = WebURL(text) else { throw .invalidURL("issuer", text) }
        let response = try await get(url, deadline: deadline)
        return try Discovery(
            object(response), of: issuer, expected: policy.issuer, access: access, response: response)
    }

    private func keySetURL(of policy: IssuerPolicy, deadline: Instant?) async throws(ProviderError) -> WebURL {
        let issuer = try access.issuer(of: policy)
        if let text = policy.jwksURL { return try access.endpoint("jwks_url", text, of: issuer) }
        if policy.provider != .okta {
            do {
                if let url = try await knownDiscovery(of: policy, deadline: deadline).keySetURL { return url }
            } catch  where error.status != nil {
                // An issuer without a discovery document still has the usual place.
            }
        }
        return try access.endpoint("jwks_uri", ProviderEndpoints.keySet(of: policy), of: issuer)
    }
}
