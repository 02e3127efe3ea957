/// A part of a list, and whether more follows.
public struct Listing<Element: Sendable>: Sendable {
    /// The elements.
    public let elements: [Element]
    /// The part that was asked for.
    public let page: Page
    /// Whether the list goes on behind them.
    public let hasMore: Bool

    /// Cuts a list that was read one element further than asked.
    public init(reading elements: [Element], page: Page) {
        self.elements = Array(elements.prefix(page.limit))
        self.page = page
        hasMore = elements.count > page.limit
    }
}
