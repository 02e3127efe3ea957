public import Base
internal import CCurl

/// Sends HTTP requests to other services from one loop; nothing in it blocks, and nothing comes from the environment
/// (no proxy, no cookies, no credentials file).
///
/// Belongs to its loop: made, used and closed on the loop's thread.
public final class HTTPClient {
    /// What all requests of a client share.
    public struct Settings: Sendable {
        /// A PEM file of trusted authorities in place of the system's.
        public var caFile: String?
        /// Whether the other side must show a certificate of theirs for its name. Never false where anything is believed
        /// or given away.
        public var verifiesPeer = true
        /// Requests at one time; more are refused with ``FetchError/Kind/busy``.
        public var inFlight = 256
        /// Connections to one host at one time; more requests wait, within their time limit.
        public var connectionsPerHost = 16
        /// Connections that are kept open for a later request.
        public var idleConnections = 16
        /// `User-Agent`.
        public var userAgent = "vestibule"

        /// The defaults.
        public init() {}
    }

    private let loop: EventLoop
    private let settings: Settings
    private var sets: [AddressRule: TransferSet] = [:]
    private var isClosed = false

    /// A client for the loop.
    public init(loop: EventLoop, settings: Settings = Settings()) {
        _ = Self.library
        self.loop = loop
        self.settings = settings
    }

    /// Once a process, before anything else of libcurl.
    private static let library: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    /// Sends the request and waits for the whole answer, whatever its status; redirects are followed as the request says.
    ///
    /// Cancelling the task ends the transfer at once.
    /// - Throws: ``FetchError`` when there is no answer within the limits.
    public func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        guard let span = OpenSpan.current?.child() else { return try await follow(request) }
        var request = request
        request.trace(span.context)
        do throws(FetchError) {
            let response = try await follow(request)
            span.end(request, status: response.status)
            return response
        } catch {
            span.end(request, failure: error.name)
            throw error
        }
    }

    private func follow(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        var request = request
        let deadline = request.limits.total.map { loop.clock.monotonic() + $0 }
        var followed = 0
        while true {
            let answer = try await perform(request)
            guard (300..<400).contains(answer.response.status), let place = answer.redirect else {
                return answer.response
            }
            request.url = try target(of: place, from: request, followed: followed, timings: answer.response.timings)
            followed += 1
            if let deadline {
                let left = deadline - loop.clock.monotonic()
                guard left > .zero else { throw FetchError(.timeout, request.url) }
                request.limits.total = left
            }
        }
    }

    /// A client with the same settings and no open connection, so that its timings show every step.
    func fresh() -> HTTPClient { HTTPClient(loop: loop, settings: settings) }

    /// Ends all requests with ``FetchError/Kind/cancelled`` and closes all connections.
    public func close() {
        isClosed = true
        for set in sets.values { set.close() }
        sets.removeAll()
    }

    /// Requests that have no answer yet.
    public var inFlight: Int { sets.values.reduce(0) { $0 + $1.count } }

    private func perform(
        _ request: FetchRequest
    ) async throws(FetchError) -> (response: FetchResponse, redirect: String?) {
        guard !isClosed else { throw FetchError(.cancelled, request.url) }
        guard inFlight < settings.inFlight else { throw FetchError(.busy, request.url) }
        let transfer = try Transfer(request, settings: settings)
        guard let set = set(for: request.addresses) else {
            throw FetchError(.protocolError, request.url, cause: "curl_multi_init failed")
        }
        let cancel = Confined { set.cancel(transfer) }
        let ending = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Confined<Transfer.Ending>, Never>) in
                transfer.end = { continuation.resume(returning: Confined($0)) }
                set.start(transfer)
            }
        } onCancel: { [loop] in
            loop.execute { cancel.value() }
        }
        return try ending.value.get()
    }

    private func set(for rule: AddressRule) -> TransferSet? {
        if let set = sets[rule] { return set }
        let set = TransferSet(loop: loop, settings: settings)
        sets[rule] = set
        return set
    }

    private func target(
        of place: String, from request: FetchRequest, followed: Int, timings: FetchTimings
    ) throws(FetchError) -> WebURL {
        guard case .sameOrigin(let most) = request.redirects, request.method == .get, followed < most,
            let url = WebURL(place), url.hasSameOrigin(as: request.url)
        else { throw FetchError(.redirectRefused, request.url, timings: timings) }
        return url
    }
}
