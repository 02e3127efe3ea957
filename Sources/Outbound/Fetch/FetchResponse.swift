/// The answer to a ``FetchRequest``.
public struct FetchResponse: Sendable {
    /// The status of the last answer, whatever it is.
    public let status: Int
    /// The header fields in the order received, names in lower case.
    public let fields: [(name: String, value: String)]
    /// The body, never longer than the request's limit.
    public let body: [UInt8]
    /// How long each step took.
    public let timings: FetchTimings
    /// The address that answered, as text.
    public let address: String?

    /// The first field of the (lower-case) name.
    public func field(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// Throws ``FetchError/Kind/status(_:)`` unless the status is 200 to 299.
    @discardableResult
    public func requireSuccess(_ url: WebURL) throws(FetchError) -> FetchResponse {
        guard (200..<300).contains(status) else { throw FetchError(.status(status), url, timings: timings) }
        return self
    }
}
