public import Base
public import Tokens

/// A person at the door: what was verified about them, and what the request said besides.
public struct Login: Sendable {
    /// The verified token of the request.
    public let token: VerifiedToken
    /// The token as it was sent, for the issuer's userinfo endpoint; nil when it must not be used for that.
    public let bearer: Secret?
    /// The verified `id_token` of the body. Its issuer and subject must be those of ``token``.
    public let idToken: VerifiedToken?
    /// What the caller says about the person; never an e-mail.
    public let hints: PersonDetails
    /// The bootstrap token that was presented.
    public let bootstrapToken: Secret?
    /// The token of an invite's link, where the person holds one.
    public var inviteToken: Secret?
    /// The request's id, for audit and log.
    public let requestID: String
    /// Where the request came from.
    public let clientAddress: IPAddress?

    /// Describes a login.
    public init(
        token: VerifiedToken, bearer: Secret? = nil, idToken: VerifiedToken? = nil,
        hints: PersonDetails = .unknown, bootstrapToken: Secret? = nil, requestID: String,
        clientAddress: IPAddress? = nil
    ) {
        self.token = token
        self.bearer = bearer
        self.idToken = idToken
        self.hints = hints
        self.bootstrapToken = bootstrapToken
        self.requestID = requestID
        self.clientAddress = clientAddress
    }
}
