public import Base

/// The checks of a token, in the order in which they are made.
///
/// Everything up to ``key`` needs neither cryptography nor I/O.
public enum TokenCheck: String, Sendable, Hashable, CaseIterable {
    /// At most 16 KiB.
    case size
    /// Three parts, none empty, two dots (RFC 7515 §7.1).
    case parts
    /// base64url without padding, white space or stray bits (RFC 7515 §2).
    case encoding
    /// The header is a JSON object without duplicate members.
    case header
    /// `alg` is one of the ten names (RFC 8725 §3.1).
    case algorithm
    /// No `crit`: no extension is understood (RFC 7515 §4.1.11).
    case critical
    /// `typ` is absent, `JWT` or one that fits the purpose (RFC 8725 §3.11).
    case type
    /// `kid`, where present, is a string of at most 256 bytes.
    case keyID = "key_id"
    /// The payload is a JSON object without duplicate members.
    case claims
    /// `iss` is a configured issuer, letter by letter.
    case issuer
    /// A former issuer is still in its grace.
    case issuerGrace = "issuer_grace"
    /// The issuer may sign with the algorithm.
    case algorithmAllowed = "algorithm_allowed"
    /// `exp` is there; `exp`, `nbf`, `iat` are numbers of seconds that can be meant.
    case times
    /// Before `exp`, with leeway (RFC 7519 §4.1.4).
    case expiry
    /// Not before `nbf`, with leeway (RFC 7519 §4.1.5).
    case notBefore = "not_before"
    /// Not issued in the future, with leeway.
    case issuedAt = "issued_at"
    /// The class of token is one that is accepted from this provider for this purpose.
    case tokenClass = "token_class"
    /// `sub` (and Okta's `uid`) is a string that is not empty, of at most 255 bytes.
    case subject
    /// `aud` contains what the class is held against.
    case audience
    /// The token was made for the configured client.
    case client
    /// Clerk's `azp` is one of the authorized parties.
    case authorizedParty = "authorized_party"
    /// Clerk's `sts` is not `pending`.
    case sessionStatus = "session_status"
    /// The claims that are used have the right types and lengths.
    case claimForm = "claim_form"
    /// The issuer's keys are at hand and fresh enough.
    case keysAvailable = "keys_available"
    /// The issuer has the key that `kid` names, or exactly one that fits where there is no `kid`.
    case key
    /// The key can be used, and with this algorithm: type, curve, strength, and its own `alg`, `use`, `key_ops`.
    case keyFits = "key_fits"
    /// The signature is right.
    case signature
    /// The token was not revoked. Made by who knows the revocations, not by the verifier.
    case revocation

    /// The machine code of a failure.
    public var code: ErrorCode {
        switch self {
        case .size, .parts, .encoding, .header, .critical, .type, .keyID, .claims: .tokenMalformed
        case .algorithm, .algorithmAllowed, .keyFits: .tokenAlgorithmRejected
        case .issuer, .issuerGrace: .tokenIssuerUnknown
        case .times, .tokenClass, .subject, .sessionStatus, .claimForm: .tokenClaimsInvalid
        case .expiry: .tokenExpired
        case .notBefore, .issuedAt: .tokenNotYetValid
        case .keysAvailable: .jwksUnavailable
        case .key: .tokenKeyUnknown
        case .signature: .tokenSignatureInvalid
        case .audience, .client, .authorizedParty: .tokenAudienceMismatch
        case .revocation: .tokenRevoked
        }
    }

    /// The sentence of a failure, for the caller.
    public var message: String {
        switch self {
        case .size: "The token is larger than 16 KiB."
        case .parts: "The token must be a signed JWT: three base64url parts with two dots between them."
        case .encoding: "The token's parts must be base64url without padding, white space or other characters."
        case .header: "The token's header must be a JSON object without duplicate members."
        case .algorithm: "The token's alg must be one of RS256 to RS512, PS256 to PS512, ES256 to ES512 and EdDSA."
        case .critical: "The token's header has crit, but no extension is supported."
        case .type: "The token's typ must be absent, JWT, or the one of an accepted class of token."
        case .keyID: "The token's kid must be a string of at most 256 bytes."
        case .claims: "The token's claims must be a JSON object without duplicate members."
        case .issuer: "The token's iss is not a configured issuer; it must be the same letter by letter."
        case .issuerGrace: "The token's issuer is no longer accepted. Sign in again."
        case .algorithmAllowed: "The token's alg is not one that its issuer is configured to use."
        case .times: "The token must have exp, and exp, nbf and iat must be seconds since 1970-01-01T00:00:00Z."
        case .expiry: "The token has expired. Get a new one."
        case .notBefore: "The token is not valid yet: its nbf is in the future. Check the clocks."
        case .issuedAt: "The token is not valid yet: its iat is in the future. Check the clocks."
        case .tokenClass: "This class of token is not accepted here."
        case .keysAvailable: "The issuer's keys can't be fetched at the moment. Try again."
        case .key: "The token's key is not in its issuer's key set."
        case .keyFits: "The token's key can't be used with its alg: type, curve, size, alg, use or key_ops don't fit."
        case .signature: "The token's signature is wrong."
        case .subject: "The token's sub must be a string that is not empty, of at most 255 bytes."
        case .audience: "The token is not meant for this service: its aud doesn't contain the configured audience."
        case .client: "The token was made for another client than the configured one."
        case .authorizedParty: "The token's azp is missing or not one of the authorized parties."
        case .sessionStatus:
            "The session is pending: the user has to finish signing in, for example choose an organization."
        case .claimForm: "A claim of the token has the wrong type or is too long."
        case .revocation: "The token was revoked. Sign in again."
        }
    }
}
