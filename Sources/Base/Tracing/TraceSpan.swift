/// A piece of work that is done, as it is told to a collector.
public struct TraceSpan: Sendable {
    /// Which side of a call it is; the numbers are those of OTLP.
    public enum Kind: Int, Sendable {
        /// Answering somebody.
        case server = 2
        /// Asking somebody.
        case client = 3
    }

    /// The value of an attribute.
    public enum Value: Sendable, Equatable {
        /// A text.
        case text(String)
        /// A whole number.
        case number(Int)
    }

    /// Names and values, named by OpenTelemetry's semantic conventions. Never anything secret or personal.
    public typealias Attributes = [(name: String, value: Value)]

    /// Its trace and its own id.
    public let context: TraceContext
    /// The id of the span that it is a part of; 0 for none.
    public let parent: UInt64
    /// What is done, with few different values.
    public let name: String
    /// Which side of a call it is.
    public let kind: Kind
    /// When it began.
    public let start: Timestamp
    /// How long it took.
    public let duration: Duration
    /// What is known of it.
    public let attributes: Attributes
    /// Whether it has failed by our own or the asked side's fault.
    public let isError: Bool
}
