public import Base
public import Tokens

/// What a login was refused with. It follows from what its token said of the person's e-mail: another token of the same
/// identity may say more.
public struct RememberedRefusal: Sendable {
    /// The refusal.
    public let code: ErrorCode
    private let email: String?
    private let emailVerified: Bool?

    /// The refusal of a login whose token said this of the e-mail.
    public init(_ code: ErrorCode, email: String?, emailVerified: Bool?) {
        self.code = code
        self.email = email
        self.emailVerified = emailVerified
    }

    /// The refusal of a login with a token.
    public init(_ code: ErrorCode, of token: VerifiedToken) {
        self.init(code, email: token.email, emailVerified: token.emailVerified)
    }

    /// Whether a login with this token would be refused for the same.
    public func isFor(_ token: VerifiedToken) -> Bool {
        email == token.email && emailVerified == token.emailVerified
    }
}
