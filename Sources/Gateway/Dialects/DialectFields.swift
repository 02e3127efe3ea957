internal import HTTP

/// The fields in which a gateway tells what it was asked; nil: the sub-request says it itself.
struct DialectFields {
    var method: FieldName?
    var target: FieldName?
    var host: FieldName?

    static let original = DialectFields(method: .xOriginalMethod, target: .xOriginalURI)
    static let originalWithHost = DialectFields(
        method: .xOriginalMethod, target: .xOriginalURI, host: .xOriginalHost)
    static let forwarded = DialectFields(method: .xForwardedMethod, target: .xForwardedURI, host: .xForwardedHost)
    static let itself = DialectFields()

    /// What must leave no doubt where a gateway asks in this way. Commas are at home in a target.
    var screen: FieldScreen {
        FieldScreen(
            single: [.authorization, .xOrgID] + Self.identity + [method, target, host].compactMap { $0 },
            unjoined: [.xOrgID] + [method, host].compactMap { $0 }, unaliased: Self.unaliased)
    }

    /// What an allow says to the service.
    private static let identity: [FieldName] = [
        .xAuthUserID, .xAuthSubject, .xAuthProvider, .xAuthEmail, .xAuthOrgID, .xAuthOrgRole, .xAuthGlobalRole,
        .xAuthGroups, .xAuthScopes, .xAuthAssertion,
    ]

    /// What may come under no other spelling, whichever gateway asks: a service may take `X_Auth_User_Id` for
    /// `X-Auth-User-Id`, and nothing in our answer would replace it.
    static let unaliased: [FieldName] =
        identity + [
            .xOrgID, .xRequestID, .xForwardedFor, .xForwardedMethod, .xForwardedURI, .xForwardedHost, .xForwardedProto,
            .xForwardedPort, .xOriginalMethod, .xOriginalURI, .xOriginalHost, .xRealIP, .xAPIKey, .xBootstrapToken,
            .contentLength, .transferEncoding,
        ]
}
