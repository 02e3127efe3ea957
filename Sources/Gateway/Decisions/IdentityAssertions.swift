public import Accounts
public import Tokens

/// Signs tokens that carry a principal to services that trust no header. One per loop.
public protocol IdentityAssertions: AnyObject {
    /// A signed token for the principal and the org it acts in.
    func assertion(token: VerifiedToken, principal: Principal, membership: Membership?) -> String?
}
