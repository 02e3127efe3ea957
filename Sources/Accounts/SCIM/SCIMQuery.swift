/// Which resources a list holds, and in which order (RFC 7644 §3.4.2).
public struct SCIMQuery: Sendable {
    /// So many resources one answer holds at most.
    public static let maximumCount = 1000
    /// So many it holds where nothing is said.
    public static let standardCount = 100

    /// Which ones; nil for all.
    public var filter: SCIMFilter?
    /// By what they are sorted; nil: by when they were made.
    public var sortBy: SCIMPath?
    /// Whether the greatest comes first.
    public var isDescending = false
    /// The first one, counted from 1.
    public var startIndex = 1
    /// How many at most, 0 to ``maximumCount``.
    public var count = SCIMQuery.standardCount

    /// Everything, from the beginning.
    public init() {}
}

/// A part of a list, and how long the whole of it is.
public struct SCIMList<Element: Sendable>: Sendable {
    /// How many there are in all.
    public let total: Int
    /// Those that were asked for.
    public let elements: [Element]

    /// Puts a list together.
    public init(total: Int, elements: [Element]) {
        self.total = total
        self.elements = elements
    }
}
