public import Accounts
public import Base
public import Tokens

/// Signs a short token for each principal and org, and hands it out again until half its life is over. One per loop.
public final class SignedAssertions: IdentityAssertions {
    /// How long a token lives, in seconds.
    public static let lifetime: Int64 = 60
    /// So many tokens are kept at most.
    static let capacity = 4096

    private struct Key: Hashable {
        let principal: ObjectIdentifier
        let token: ObjectIdentifier
        let org: EntityID?
    }

    private struct Kept {
        let text: String
        let until: Timestamp
        // The objects stay alive, so that their addresses stay theirs.
        let principal: Principal
        let token: VerifiedToken
    }

    private let key: SigningKey
    private let issuer: String
    private let audience: String
    private let clock: Clock
    private var kept: [Key: Kept] = [:]

    /// Puts the signer together.
    ///
    /// - Parameters:
    ///   - issuer: `iss`.
    ///   - audience: `aud`.
    public init(key: SigningKey, issuer: String, audience: String, clock: Clock) {
        self.key = key
        self.issuer = issuer
        self.audience = audience
        self.clock = clock
    }

    /// A signed token for the principal and the org it acts in; it ends with the caller's own at the latest.
    public func assertion(token: VerifiedToken, principal: Principal, membership: Membership?) -> String? {
        let now = clock.wall()
        // A changed principal is another object, so that what was signed for its former state is not used again.
        let place = Key(
            principal: ObjectIdentifier(principal), token: ObjectIdentifier(token), org: membership?.orgID)
        if let known = kept[place], now < known.until { return known.text }
        let ends = min(now.seconds + Self.lifetime, max(token.expiresAt.seconds, now.seconds + 1))
        guard let text = key.token(claims: claims(token, principal, membership, now.seconds, ends)) else { return nil }
        if kept.count >= Self.capacity { kept.removeAll(keepingCapacity: true) }
        let half = Timestamp(microseconds: (now.seconds + (ends - now.seconds) / 2) * 1_000_000)
        kept[place] = Kept(text: text, until: half, principal: principal, token: token)
        return text
    }

    private func claims(
        _ token: VerifiedToken, _ principal: Principal, _ membership: Membership?, _ now: Int64, _ ends: Int64
    ) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("iss", issuer)
            writer.member("aud", audience)
            writer.member("sub", principal.userID)
            writer.member("iat", now)
            writer.member("nbf", now)
            writer.member("exp", ends)
            writer.member("jti", EntityID.make(clock))
            if !principal.email.isEmpty { writer.member("email", principal.email) }
            writer.member("provider", token.provider.rawValue)
            writer.member("idp_iss", token.issuer)
            writer.member("idp_sub", token.subject)
            writer.memberIfPresent("sid", token.sessionID)
            writer.member("global_role", principal.globalRole.rawValue)
            writer.memberIfPresent("org_id", membership?.orgID)
            writer.memberIfPresent("org_role", membership?.role.rawValue)
            if !token.groups.isEmpty { writer.member("groups", token.groups) }
            if !token.scopes.isEmpty { writer.member("scope", token.scopes.joined(separator: " ")) }
        }
    }
}
