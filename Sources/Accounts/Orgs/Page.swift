/// Which part of a list is asked for.
public struct Page: Sendable, Equatable {
    /// The most that a list gives at once.
    public static let maximumLimit = 1000
    /// The most that an export of a log gives at once.
    public static let maximumExport = 10_000
    /// What it gives when nothing is said.
    public static let standard = Page(limit: 100, offset: 0)

    /// So many elements.
    public let limit: Int
    /// Behind so many.
    public let offset: Int

    /// A part of a list; the limit is kept within 1 and the maximum, the offset from 0 up.
    public init(limit: Int, offset: Int, maximum: Int = maximumLimit) {
        self.limit = min(max(1, limit), maximum)
        self.offset = max(0, offset)
    }
}
