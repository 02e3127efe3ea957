/// What a head says about its body and its connection (RFC 9112 sections 6 and 9).
struct Framing {
    /// How the end of the body is found.
    enum Body: Equatable {
        case none
        case length(Int)
        case chunked
    }

    private(set) var body = Body.none
    /// Whether the connection stays open behind the response.
    private(set) var keepsAlive = true
    /// Whether the client waits for `100 Continue` before it sends the body.
    private(set) var expectsContinue = false

    /// Fields of the name Authorization. More than one is answered 400 by the server, as a request that was read.
    private(set) var authorizationCount = 0
    private(set) var hostCount = 0
    private(set) var host = 0
    private var lengthCount = 0
    private var length = 0
    private var encodingCount = 0
    private var encoding = 0
    private var hasConnection = false
    private var expectCount = 0
    private var expect = 0

    /// Remembers where the fields are that decide.
    @inline(__always) mutating func note(_ code: UInt8, place: Int) {
        switch code {
        case FieldName.host.code:
            hostCount += 1
            host = place
        case FieldName.contentLength.code:
            lengthCount += 1
            length = place
        case FieldName.transferEncoding.code:
            encodingCount += 1
            encoding = place
        case FieldName.connection.code: hasConnection = true
        case FieldName.authorization.code: authorizationCount += 1
        case FieldName.expect.code:
            expectCount += 1
            expect = place
        default: break
        }
    }

    mutating func finish(
        _ bytes: Span<UInt8>, _ fields: [FieldEntry], isVersion10: Bool, limits: RequestLimits
    ) -> Refusal? {
        keepsAlive = !isVersion10
        if hasConnection { readConnection(bytes, fields, isVersion10: isVersion10) }
        if encodingCount > 0 {
            // RFC 9112 section 6.1: with a length beside it, or in HTTP/1.0, it is an attack or a broken proxy.
            if lengthCount > 0 || isVersion10 { return .framing }
            guard encodingCount == 1, bytes.extracting(fields[encoding].value).spellsAnyCase("chunked") else {
                return .transferEncoding
            }
            body = .chunked
        } else if lengthCount > 0 {
            guard lengthCount == 1, let length = Self.number(bytes.extracting(fields[length].value)) else {
                return .contentLength
            }
            guard length <= limits.body else { return .bodyTooLarge }
            if length > 0 { body = .length(length) }
        }
        guard expectCount > 0 else { return nil }
        guard expectCount == 1, bytes.extracting(fields[expect].value).spellsAnyCase("100-continue") else {
            return .expectation
        }
        // RFC 9110 section 10.1.1: an HTTP/1.0 client can't have meant it.
        expectsContinue = !isVersion10 && body != .none
        return nil
    }

    /// Digits alone; a number too large to hold is the largest there is, and so over any limit.
    static func number(_ text: Span<UInt8>) -> Int? {
        guard text.count > 0 else { return nil }
        var value = 0
        for index in 0..<text.count {
            guard Octet.isDigit(text[index]) else { return nil }
            let (product, over) = value.multipliedReportingOverflow(by: 10)
            let (sum, overSum) = product.addingReportingOverflow(Int(text[index] - 48))
            value = over || overSum ? Int.max : sum
        }
        return value
    }

    /// `close` rules over `keep-alive`, in whichever field or place of the list it stands.
    private mutating func readConnection(_ bytes: Span<UInt8>, _ fields: [FieldEntry], isVersion10: Bool) {
        var closes = false
        var keeps = false
        for field in fields where field.code == FieldName.connection.code {
            var index = field.value.lowerBound
            let end = field.value.upperBound
            while index < end {
                while index < end, Octet.isBlank(bytes[index]) || bytes[index] == 44 { index += 1 }
                let start = index
                while index < end, bytes[index] != 44 { index += 1 }
                var last = index
                while last > start, Octet.isBlank(bytes[last - 1]) { last -= 1 }
                let option = bytes.extracting(start..<last)
                if option.spellsAnyCase("close") { closes = true }
                if option.spellsAnyCase("keep-alive") { keeps = true }
            }
        }
        keepsAlive = !closes && (!isVersion10 || keeps)
    }
}
