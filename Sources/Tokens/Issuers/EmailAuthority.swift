/// For which e-mail domains an issuer's word is good without a claim that the address was verified.
public enum EmailAuthority: Sendable, Hashable {
    /// For none: only a claim can make an address a verified one.
    case none
    /// For every domain; for an issuer that the platform's owner runs.
    case all
    /// For these domains: whole, lower case, in ASCII (IDNA) form.
    case domains(Set<String>)

    /// Whether the issuer is the authority for a domain in canonical form. A parent domain does not count.
    public func covers(_ domain: String) -> Bool {
        switch self {
        case .none: false
        case .all: true
        case .domains(let domains): domains.contains(domain)
        }
    }
}
