import Base
import Tokens

extension AttackCorpus {
    /// The token of a case.
    func token(_ group: String, _ name: String) -> [UInt8] {
        guard let found = cases.first(where: { $0.group == group && $0.name == name }) else {
            preconditionFailure("no case \(group): \(name)")
        }
        return found.token
    }

    /// The claims of an accepted token.
    func verified(_ group: String, _ name: String) -> VerifiedToken {
        let bytes = token(group, name)
        guard let token = TokenVerifier(clockSkew: skew).verify(bytes.span, trust: trust, now: now).verified else {
            preconditionFailure("not accepted: \(group): \(name)")
        }
        return token
    }
}
