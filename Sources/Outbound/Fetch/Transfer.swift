internal import Base
internal import CCurl

/// One request on its way: owns libcurl's easy handle, collects the answer and holds it to its limits.
@safe final class Transfer {
    /// What a transfer ends with: the answer, and where it points to when it is a redirect.
    typealias Ending = Result<(response: FetchResponse, redirect: String?), FetchError>

    let url: WebURL
    let easy: UnsafeMutableRawPointer
    /// Called once, on the loop.
    var end: ((Ending) -> Void)?

    private let rule: AddressRule
    private let limits: FetchLimits
    private var list: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>

    private var fields: [(name: String, value: String)] = []
    private var headBytes = 0
    private var headEnded = false
    private var body: [UInt8] = []
    private var isTooLarge = false
    private var refusedAddress: IPAddress?

    init(_ request: FetchRequest, settings: HTTPClient.Settings) throws(FetchError) {
        url = request.url
        let isFree = request.url.scheme == .https || request.allowsPlainHTTP
        rule = isFree ? request.addresses : .loopbackOnly
        limits = request.limits
        guard isFree || (request.addresses != .publicOnly && request.url.namesLoopback) else {
            throw FetchError(.schemeRefused, request.url)
        }
        guard let handle = unsafe curl_easy_init() else {
            throw FetchError(.protocolError, request.url, cause: "curl_easy_init failed")
        }
        unsafe easy = handle
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        unsafe list = nil
        guard prepare(settings), prepareLimits(), prepareCallbacks(), prepareContent(request) else {
            throw FetchError(.invalidRequest, request.url, cause: errorWords)
        }
    }

    deinit {
        unsafe curl_easy_cleanup(easy)
        unsafe vst_curl_wipe(list)
        unsafe errorText.deallocate()
    }

    /// Ends the transfer by what libcurl says. Only after the handle left its set.
    func finish(_ code: CURLcode) {
        guard code == CURLE_OK else { return fail(kind(code), cause: errorWords) }
        finish(.success((response, text(CURLINFO_REDIRECT_URL))))
    }

    /// Ends the transfer without an answer. Only after the handle left its set.
    func fail(_ kind: FetchError.Kind, cause: String? = nil) {
        finish(.failure(FetchError(kind, url, cause: cause, timings: timings)))
    }

    private func finish(_ ending: Ending) {
        let call = end
        end = nil
        call?(ending)
    }

    // MARK: Set-up

    private func prepare(_ settings: HTTPClient.Settings) -> Bool {
        // One protocol that is spelled out, no proxy, cookies, credentials files or signals from the environment.
        // libcurl resolves names in a thread of its own; it would wait for that thread after a time-out but for
        // QUICK_EXIT.
        set(CURLOPT_URL, url.description) && set(CURLOPT_PROTOCOLS_STR, url.scheme.rawValue)
            && set(CURLOPT_REDIR_PROTOCOLS_STR, "https") && set(CURLOPT_FOLLOWLOCATION, 0)
            && set(CURLOPT_PATH_AS_IS, 1) && set(CURLOPT_HTTP_VERSION, vst_curl_http_version())
            && set(CURLOPT_PROXY, "") && set(CURLOPT_NOPROXY, "*") && set(CURLOPT_NETRC, 0)
            && set(CURLOPT_NOSIGNAL, 1) && set(CURLOPT_QUICK_EXIT, 1)
            && set(CURLOPT_SSL_VERIFYPEER, settings.verifiesPeer ? 1 : 0)
            && set(CURLOPT_SSL_VERIFYHOST, settings.verifiesPeer ? 2 : 0)
            && set(CURLOPT_SSLVERSION, vst_curl_tls_version())
            && set(CURLOPT_USERAGENT, settings.userAgent) && set(CURLOPT_DNS_CACHE_TIMEOUT, 60)
            && set(CURLOPT_MAXAGE_CONN, 60) && set(CURLOPT_TCP_NODELAY, 1)
            && (settings.caFile.map { set(CURLOPT_CAINFO, $0) } ?? true)
    }

    private func prepareLimits() -> Bool {
        set(CURLOPT_TIMEOUT_MS, limits.total.map(Self.milliseconds) ?? 0)
            && set(CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(limits.connect))
    }

    private func prepareContent(_ request: FetchRequest) -> Bool {
        var lines = ["Expect:"]
        for (name, value) in request.fields {
            guard FetchRequest.isSendable(name, value) else { return false }
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        if let body = request.body {
            guard request.method == .post, FetchRequest.isValue(body.type) else { return false }
            lines.append("Content-Type: \(body.type)")
        }
        if request.method == .post {
            let bytes = request.body?.bytes ?? []
            guard set(CURLOPT_POST, 1), set(CURLOPT_POSTFIELDSIZE, bytes.count) else { return false }
            let code = unsafe bytes.withUnsafeBytes {
                // The empty array may have no address, and none would mean: read the body from a callback.
                unsafe $0.isEmpty
                    ? "".withCString { unsafe vst_curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, $0) }
                    : vst_curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
            }
            guard code == CURLE_OK else { return false }
        }
        guard lines.allSatisfy(append) else { return false }
        if let bearer = request.bearer {
            guard appendBearer(bearer) else { return false }
        }
        return unsafe vst_curl_set_pointer(easy, CURLOPT_HTTPHEADER, list) == CURLE_OK
    }

    private func append(_ line: String) -> Bool {
        let longer = unsafe line.withCString { unsafe curl_slist_append(list, $0) }
        guard let longer = unsafe longer else { return false }
        unsafe list = longer
        return true
    }

    private func appendBearer(_ bearer: Secret) -> Bool {
        bearer.withBytes { secret in
            var line = Array("Authorization: Bearer ".utf8).map { CChar(bitPattern: $0) }
            for index in secret.indices {
                guard secret[index] >= 0x20, secret[index] != 0x7F else { return false }
                line.append(CChar(bitPattern: secret[index]))
            }
            line.append(0)
            let longer = unsafe line.withUnsafeMutableBufferPointer { buffer -> UnsafeMutablePointer<curl_slist>? in
                defer { unsafe buffer.update(repeating: 0) }
                return unsafe buffer.baseAddress.flatMap { unsafe curl_slist_append(list, $0) }
            }
            guard let longer = unsafe longer else { return false }
            unsafe list = longer
            return true
        }
    }

    private func prepareCallbacks() -> Bool {
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        let codes = unsafe [
            vst_curl_set_pointer(easy, CURLOPT_PRIVATE, me),
            vst_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText),
            vst_curl_set_pointer(easy, CURLOPT_WRITEDATA, me),
            vst_curl_set_write(easy) { bytes, size, count, me in
                unsafe Transfer.of(me)?.takeBody(bytes, size * count) ?? 0
            },
            vst_curl_set_pointer(easy, CURLOPT_HEADERDATA, me),
            vst_curl_set_header(easy) { bytes, size, count, me in
                unsafe Transfer.of(me)?.takeHead(bytes, size * count) ?? 0
            },
            vst_curl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, me),
            vst_curl_set_open_socket(easy) { me, _, address in unsafe Transfer.of(me)?.open(address) ?? -1 },
        ]
        return codes.allSatisfy { $0 == CURLE_OK }
    }

    /// The transfer that libcurl carries as its private pointer.
    static func of(_ pointer: UnsafeMutableRawPointer?) -> Transfer? {
        unsafe pointer.map { unsafe Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func set(_ option: CURLoption, _ value: Int) -> Bool {
        unsafe vst_curl_set_long(easy, option, value) == CURLE_OK
    }

    private func set(_ option: CURLoption, _ value: String) -> Bool {
        unsafe value.withCString { unsafe vst_curl_set_pointer(easy, option, $0) } == CURLE_OK
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        max(1, Int(duration.nanoseconds / 1_000_000))
    }

    // MARK: What comes in

    /// Anything but `count` makes libcurl cut the transfer.
    private func takeBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes = unsafe bytes, body.count + count <= limits.bodyBytes else {
            isTooLarge = true
            return 0
        }
        unsafe body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
        return count
    }

    private func takeHead(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        headBytes += count
        guard let bytes = unsafe bytes, headBytes <= limits.headBytes else {
            isTooLarge = true
            return 0
        }
        let line = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
        unsafe takeLine(String(decoding: line, as: UTF8.self))
        // A length that is announced need not be waited for.
        if headEnded, let length = fields.first(where: { $0.name == "content-length" }).flatMap({ Int($0.value) }),
            length > limits.bodyBytes
        {
            isTooLarge = true
            return 0
        }
        return count
    }

    private func takeLine(_ line: String) {
        let text = line.utf8.prefix { $0 != 0x0D && $0 != 0x0A }
        if text.isEmpty {
            headEnded = true
        } else if text.starts(with: "HTTP/".utf8) {
            // An interim answer (RFC 9110 §15.2) was before it.
            fields.removeAll()
            headEnded = false
        } else if !headEnded, let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            let value = text[colon...].dropFirst().drop { $0 == 0x20 || $0 == 0x09 }
            fields.append((Substring(text[..<colon]).lowercased(), String(Substring(value))))
        }
    }

    private func open(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
        guard let address = unsafe address else { return -1 }
        let text = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer -> String? in
            guard let start = buffer.baseAddress, unsafe vst_curl_address_text(address, start, 64) != 0 else {
                return nil
            }
            return unsafe String(cString: start)
        }
        guard let peer = text.flatMap({ IPAddress($0) }) else { return -1 }
        guard rule.allows(peer) else {
            refusedAddress = peer
            return -1
        }
        return unsafe vst_curl_open(address)
    }

    // MARK: What comes out

    private var response: FetchResponse {
        var status = 0
        _ = unsafe vst_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        return FetchResponse(
            status: status, fields: fields, body: body, timings: timings, address: text(CURLINFO_PRIMARY_IP))
    }

    private var timings: FetchTimings {
        var timings = FetchTimings(total: duration(CURLINFO_TOTAL_TIME_T) ?? .zero)
        let dns = duration(CURLINFO_NAMELOOKUP_TIME_T)
        let connect = duration(CURLINFO_CONNECT_TIME_T)
        let tls = duration(CURLINFO_APPCONNECT_TIME_T)
        var connections = 0
        _ = unsafe vst_curl_get_long(easy, CURLINFO_NUM_CONNECTS, &connections)
        if connections > 0 || connect == nil {
            timings.dns = dns
            timings.connect = connect.map { $0 - (dns ?? .zero) }
            if let tls, let connect { timings.tls = tls - connect }
        }
        if let first = duration(CURLINFO_STARTTRANSFER_TIME_T), let sent = duration(CURLINFO_PRETRANSFER_TIME_T) {
            timings.firstByte = first - sent
        }
        return timings
    }

    /// Microseconds since the start, nil where the step was not reached.
    private func duration(_ info: CURLINFO) -> Duration? {
        var microseconds: curl_off_t = 0
        guard unsafe vst_curl_get_time(easy, info, &microseconds) == CURLE_OK, microseconds > 0 else { return nil }
        return .microseconds(microseconds)
    }

    private func text(_ info: CURLINFO) -> String? {
        var pointer: UnsafePointer<CChar>?
        guard unsafe vst_curl_get_pointer(easy, info, &pointer) == CURLE_OK, let pointer = unsafe pointer else {
            return nil
        }
        let text = unsafe String(cString: pointer)
        return text.isEmpty ? nil : text
    }

    private var errorWords: String? {
        let words = unsafe String(cString: errorText)
        return words.isEmpty ? nil : words
    }

    private func kind(_ code: CURLcode) -> FetchError.Kind {
        if isTooLarge { return .tooLarge }
        return switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .dns
        case CURLE_COULDNT_CONNECT: refusedAddress == nil ? .connect : .addressRefused
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_FILESIZE_EXCEEDED: .tooLarge
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CRL_BADFILE:
            .tls
        case CURLE_ABORTED_BY_CALLBACK: .cancelled
        default: .protocolError
        }
    }
}
