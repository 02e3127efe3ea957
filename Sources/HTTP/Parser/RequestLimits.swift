/// How large the parts of a request may be. What is over is refused with 414, 431 or 413 and the connection ends.
public struct RequestLimits: Sendable, Equatable {
    /// Bytes of the request line without its line break (414). Below `head`.
    public var requestLine: Int
    /// Bytes of the request line and all fields with their line breaks (431).
    public var head: Int
    /// Fields (431).
    public var fieldCount: Int
    /// Bytes of the body, after chunks are joined (413).
    public var body: Int
    /// Bytes of all chunk extensions of one body together (413): they say nothing to us, so hardly any are let in.
    public var chunkExtensions: Int
    /// Bytes of the trailer section (431).
    public var trailers: Int

    /// The limits of CONTRACT section 13, unless said otherwise.
    public init(
        requestLine: Int = 16 * 1024, head: Int = 32 * 1024, fieldCount: Int = 100, body: Int = 1024 * 1024,
        chunkExtensions: Int = 1024, trailers: Int = 8 * 1024
    ) {
        self.requestLine = requestLine
        self.head = head
        self.fieldCount = fieldCount
        self.body = body
        self.chunkExtensions = chunkExtensions
        self.trailers = trailers
    }
}
