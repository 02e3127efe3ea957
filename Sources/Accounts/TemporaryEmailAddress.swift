/// Stands in until Base has it.
public struct EmailAddress: Hashable, Sendable {
    /// As given.
    public let text: String
    /// Lower case.
    public let canonical: String
    /// Domain.
    public let domain: String
    /// Reads an address.
    public init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, text.utf8.count <= 254 else { return nil }
        self.text = text
        canonical = text.lowercased()
        domain = parts[1].lowercased()
    }
}
