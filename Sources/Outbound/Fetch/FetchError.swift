/// Why a request to another service has no answer.
public struct FetchError: Error, Sendable {
    /// What went wrong.
    public enum Kind: Sendable, Hashable {
        /// The host's name has no address.
        case dns
        /// No address of the host took the connection.
        case connect
        /// The TLS handshake failed, or the certificate is not to be trusted.
        case tls
        /// The time was up.
        case timeout
        /// The head or the body is larger than allowed.
        case tooLarge
        /// The answer is a redirect that may not be followed.
        case redirectRefused
        /// Every address of the host is one that may not be connected to.
        case addressRefused
        /// The answer's status is not a success.
        case status(Int)
        /// The other side does not speak HTTP as it should.
        case protocolError
        /// `http` where only `https` may be spoken.
        case schemeRefused
        /// A header field or the body can't be sent as it is, e.g. for a control character in it.
        case invalidRequest
        /// Too many requests are in flight already.
        case busy
        /// The caller gave up, or the client was closed.
        case cancelled
    }

    /// What went wrong.
    public let kind: Kind
    /// The host that was asked.
    public let host: String
    /// What the library says, for the log only.
    public let cause: String?
    /// How far the request came.
    public let timings: FetchTimings

    /// The failure of a request to the URL's host.
    public init(_ kind: Kind, _ url: WebURL, cause: String? = nil, timings: FetchTimings = FetchTimings()) {
        self.kind = kind
        host = url.host
        self.cause = cause
        self.timings = timings
    }

    /// A word for metrics and logs.
    public var name: String {
        switch kind {
        case .dns: "dns"
        case .connect: "connect"
        case .tls: "tls"
        case .timeout: "timeout"
        case .tooLarge: "too_large"
        case .redirectRefused: "redirect_refused"
        case .addressRefused: "address_refused"
        case .status: "status"
        case .protocolError: "protocol"
        case .schemeRefused: "scheme_refused"
        case .invalidRequest: "invalid_request"
        case .busy: "busy"
        case .cancelled: "cancelled"
        }
    }

    /// A sentence for a person; holds the host's name and nothing private.
    public var message: String {
        switch kind {
        case .dns: "The host name \(host) could not be resolved."
        case .connect: "No connection to \(host) could be made."
        case .tls: "The TLS connection to \(host) failed; look at its certificate and its protocol versions."
        case .timeout: "\(host) did not answer in time."
        case .tooLarge: "The answer of \(host) is larger than allowed."
        case .redirectRefused: "\(host) answered with a redirect to another place, which is not followed."
        case .addressRefused: "\(host) has a private or local address, which is not allowed."
        case .status(let status): "\(host) answered with status \(status)."
        case .protocolError: "The answer of \(host) is not valid HTTP."
        case .schemeRefused: "\(host) may only be asked over https."
        case .invalidRequest: "The request to \(host) can't be sent: a field holds a character that is not allowed."
        case .busy: "Too many requests to other services are in flight."
        case .cancelled: "The request to \(host) was given up."
        }
    }
}
