/// Why the development IdP can't start.
public struct DevIdPError: Error, Sendable, CustomStringConvertible {
    /// A sentence that names what is wrong and how to mend it.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
