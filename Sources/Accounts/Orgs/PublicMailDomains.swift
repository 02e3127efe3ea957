/// Domains at which anybody gets an address: none of them can stand for an org.
public enum PublicMailDomains {
    /// Whether a domain, in canonical form, is one of them or below one of them.
    public static func contains(_ domain: String) -> Bool {
        var rest = domain[...]
        while true {
            if names.contains(String(rest)) { return true }
            guard let dot = rest.firstIndex(of: ".") else { return false }
            rest = rest[rest.index(after: dot)...]
        }
    }
}
