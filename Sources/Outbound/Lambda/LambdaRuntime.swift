internal import Base

/// The client side of the AWS Lambda runtime API, version 2018-06-01. Belongs to its loop.
///
/// One invocation is under way at a time: it is finished by the next ``next()`` only.
public final class LambdaRuntime {
    /// The largest event and answer, in bytes.
    public static let largestPayload = 6 * 1024 * 1024

    private let http: HTTPClient
    private let base: String

    /// A client of the API.
    ///
    /// - Parameter api: host and port as `AWS_LAMBDA_RUNTIME_API` names them; must be this machine.
    /// - Returns: nil when the text is anything else.
    public init?(http: HTTPClient, api: String) {
        guard let url = WebURL("http://\(api)/"), url.target == "/", url.namesLoopback else { return nil }
        self.http = http
        base = "http://\(api)/2018-06-01/runtime"
    }

    /// Waits for an event, for ever: the process may be frozen meanwhile.
    public func next() async throws(FetchError) -> LambdaInvocation {
        let url = try url("/invocation/next")
        var request = FetchRequest(.get, url, addresses: .loopbackOnly)
        request.limits = FetchLimits(total: nil, bodyBytes: Self.largestPayload)
        let response = try await http.fetch(request).requireSuccess(url)
        guard let id = response.field("lambda-runtime-aws-request-id"), Self.isID(id) else {
            throw FetchError(.protocolError, url, cause: "no valid Lambda-Runtime-Aws-Request-Id")
        }
        let deadline = response.field("lambda-runtime-deadline-ms").flatMap { Int64($0) }
        return LambdaInvocation(
            id: id,
            deadline: deadline.flatMap { $0 < 1 << 50 ? Timestamp(microseconds: $0 * 1000) : nil },
            functionARN: response.field("lambda-runtime-invoked-function-arn"),
            traceID: response.field("lambda-runtime-trace-id"), event: response.body)
    }

    /// Answers an invocation.
    public func respond(to invocation: LambdaInvocation, _ body: [UInt8]) async throws(FetchError) {
        try await post("/invocation/\(invocation.id)/response", body)
    }

    /// Ends an invocation with an error. A message of exactly `Unauthorized` makes API Gateway answer 401.
    ///
    /// - Parameters:
    ///   - type: a word such as `Unauthorized` or `Service.Unavailable`.
    ///   - message: a sentence without anything private; it is logged by the service.
    public func fail(
        _ invocation: LambdaInvocation, type: String, message: String
    ) async throws(FetchError) {
        try await post("/invocation/\(invocation.id)/error", Self.error(type, message), type: type)
    }

    /// Says that the function can't start; the process ends after it.
    public func failStart(type: String, message: String) async throws(FetchError) {
        try await post("/init/error", Self.error(type, message), type: type)
    }

    private func post(_ path: String, _ body: [UInt8], type: String? = nil) async throws(FetchError) {
        let url = try url(path)
        var request = FetchRequest(.post, url, addresses: .loopbackOnly)
        request.body = .json(body)
        request.limits = FetchLimits(total: .seconds(10))
        if let type { request.fields = [("Lambda-Runtime-Function-Error-Type", type)] }
        try await http.fetch(request).requireSuccess(url)
    }

    private func url(_ path: String) throws(FetchError) -> WebURL {
        if let url = WebURL(base + path) { return url }
        guard let place = WebURL(base) else { preconditionFailure("the base was a URL when it was taken") }
        throw FetchError(.invalidRequest, place)
    }

    private static func error(_ type: String, _ message: String) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("errorMessage", message)
            writer.member("errorType", type)
            writer.key("stackTrace")
            writer.beginArray()
            writer.endArray()
        }
    }

    /// Ids go into a path.
    private static func isID(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count)
            && id.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || $0 == UInt8(ascii: "-")
            }
    }
}
