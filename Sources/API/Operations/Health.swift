/// What the service says of its own state. One per loop.
public protocol Health: AnyObject {
    /// Each thing that the service needs, and whether it is there: a word for a person where it is not.
    func checks() async -> [HealthCheck]
}

/// One thing that the service needs.
public struct HealthCheck: Sendable {
    /// Its name in the answer.
    public let name: String
    /// Whether it is there.
    public let isGood: Bool
    /// What is wrong, or worth knowing.
    public let note: String?

    /// States a check.
    public init(_ name: String, isGood: Bool, note: String? = nil) {
        self.name = name
        self.isGood = isGood
        self.note = note
    }
}
