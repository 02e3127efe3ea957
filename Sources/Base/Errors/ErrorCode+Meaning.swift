extension ErrorCode {
    /// What the code means and what mends it, in a line for the reference.
    public var meaning: String {
        switch self {
        case .badRequest: "The request can't be read; the sentence names what is wrong with it."
        case .validationFailed: "Fields are not as they should be; `details` names each."
        case .pathAmbiguous:
            "Two parsers could read the path differently. Send it plain: no dot segments, `//`, `%2f`, `;`."

        case .tokenMissing: "There is no token. Send `Authorization: Bearer …`, or the session's cookie."
        case .tokenMalformed: "It is no JWT as RFC 7519 wants it, or longer than 16 KiB."
        case .tokenAlgorithmRejected: "The issuer's configuration or the key does not allow its algorithm."
        case .tokenKeyUnknown: "The issuer publishes no key of its `kid`, or an administrator dropped it."
        case .tokenSignatureInvalid: "Its signature is not that of the issuer's key."
        case .tokenIssuerUnknown: "No configured provider has exactly its `iss`."
        case .tokenAudienceMismatch: "Its `aud`, `cid` or `azp` is not what the provider's configuration asks for."
        case .tokenExpired: "Its `exp` is over. Fetch a new one."
        case .tokenNotYetValid: "Its `nbf` or `iat` lies ahead: compare the clocks."
        case .tokenClaimsInvalid: "A claim is missing or of the wrong kind, or tokens of its class are not taken."
        case .tokenRevoked: "Its session was ended at the provider, or all of its subject's. Sign in again."
        case .apiKeyInvalid: "The API key is unknown, revoked, expired, or not for this address or module."
        case .webhookSignatureInvalid: "The delivery is not signed with a secret that is configured here."

        case .forbidden: "Who asks is known, and may not do this."
        case .invitationRequired:
            "The person has no account here. Invite them, or verify their e-mail domain for an org."
        case .userNotProvisioned: "There is no account, and the authorizer makes none (`VESTIBULE_UNPROVISIONED`)."
        case .userDeactivated: "The account was locked out. An administrator lets it in again."
        case .emailMissing: "The provider tells no e-mail. Add the claim, or what it takes to look it up."
        case .emailUnverified: "The provider does not say that the e-mail is verified."
        case .mfaRequired: "A second factor is asked for. Sign in with one."
        case .loginTooOld: "The sign-in is too long ago. Sign in again."

        case .notFound: "There is nothing here, or nothing that the caller may see."
        case .methodNotAllowed: "The path exists; `Allow` lists its methods."
        case .conflict: "It does not go with how things are; the sentence says with what."
        case .identityConflict: "The e-mail belongs to an account with another identity, and linking is off."
        case .payloadTooLarge: "The body is larger than 1 MiB."
        case .unsupportedMediaType: "The body is not of a media type that is taken here."
        case .rateLimited: "Too many requests; `Retry-After` says when to come back."

        case .internalError: "A fault of the service; the log knows it by `request_id`."
        case .databaseUnavailable: "The database can't be reached; try again after `Retry-After`."
        case .jwksUnavailable: "The issuer's keys can't be fetched and none are remembered; try again."
        case .overloaded: "More is asked than can be answered; try again after `Retry-After`."
        }
    }
}
