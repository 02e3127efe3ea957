/// Looks up the DNS records by which an organisation proves that a domain is its own. One for each loop.
public protocol DomainProof: AnyObject {
    /// The texts of the TXT records of exactly this name; no search domain is added.
    ///
    /// - Parameter name: a whole domain name in ASCII (IDNA) form, such as `_vestibule.example.com`.
    func textRecords(of name: String) async -> TextRecords
}

/// What DNS says about a name.
public enum TextRecords: Sendable, Equatable {
    /// The records, in no certain order; none when the name, or a TXT record of it, does not exist.
    case found([String])
    /// DNS could not be asked: nothing is known, and nothing may be concluded. The reason is a sentence for a person.
    case unavailable(String)
}
