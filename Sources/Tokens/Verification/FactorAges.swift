/// Clerk's `fva`: how long ago each factor was last proved, counted from when the token was issued.
public struct FactorAges: Sendable, Hashable {
    /// Minutes since the first factor; nil where it was never proved.
    public let first: Int?
    /// Minutes since the second factor; nil where it was never proved or there is none.
    public let second: Int?

    /// The ages in minutes.
    public init(first: Int?, second: Int?) {
        self.first = first
        self.second = second
    }
}
