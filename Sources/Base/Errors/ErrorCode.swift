/// The machine codes that answers carry. They are a promise: a code never changes its meaning.
public enum ErrorCode: String, Sendable, CaseIterable {
    case badRequest = "bad_request"
    case validationFailed = "validation_failed"
    case pathAmbiguous = "path_ambiguous"

    case tokenMissing = "token_missing"
    case tokenMalformed = "token_malformed"
    case tokenAlgorithmRejected = "token_algorithm_rejected"
    case tokenKeyUnknown = "token_key_unknown"
    case tokenSignatureInvalid = "token_signature_invalid"
    case tokenIssuerUnknown = "token_issuer_unknown"
    case tokenAudienceMismatch = "token_audience_mismatch"
    case tokenExpired = "token_expired"
    case tokenNotYetValid = "token_not_yet_valid"
    case tokenClaimsInvalid = "token_claims_invalid"
    case tokenRevoked = "token_revoked"
    case apiKeyInvalid = "api_key_invalid"
    case webhookSignatureInvalid = "webhook_signature_invalid"

    case forbidden
    case invitationRequired = "invitation_required"
    case userNotProvisioned = "user_not_provisioned"
    case userDeactivated = "user_deactivated"
    case emailMissing = "email_missing"
    case emailUnverified = "email_unverified"
    case mfaRequired = "mfa_required"
    case loginTooOld = "login_too_old"

    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case conflict
    case identityConflict = "identity_conflict"
    case payloadTooLarge = "payload_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case rateLimited = "rate_limited"

    case internalError = "internal_error"
    case databaseUnavailable = "database_unavailable"
    case jwksUnavailable = "jwks_unavailable"
    case overloaded

    /// The code's place among all.
    @inlinable public var index: Int {
        // An enumeration of fewer than 257 cases without values is one byte: the case's number.
        unsafe Int(unsafeBitCast(self, to: UInt8.self))
    }

    /// The HTTP status that goes with the code.
    public var status: Int {
        switch self {
        case .badRequest, .validationFailed, .pathAmbiguous: 400
        case .tokenMissing, .tokenMalformed, .tokenAlgorithmRejected, .tokenKeyUnknown, .tokenSignatureInvalid,
            .tokenIssuerUnknown, .tokenAudienceMismatch, .tokenExpired, .tokenNotYetValid, .tokenClaimsInvalid,
            .tokenRevoked, .apiKeyInvalid, .webhookSignatureInvalid:
            401
        case .forbidden, .invitationRequired, .userNotProvisioned, .userDeactivated, .emailMissing,
            .emailUnverified, .mfaRequired, .loginTooOld:
            403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .conflict, .identityConflict: 409
        case .payloadTooLarge: 413
        case .unsupportedMediaType: 415
        case .rateLimited: 429
        case .internalError: 500
        case .databaseUnavailable, .jwksUnavailable, .overloaded: 503
        }
    }
}
