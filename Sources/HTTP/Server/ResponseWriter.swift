internal import Base

/// Serialises responses into the loop's output buffer.
final class ResponseWriter {
    let output = OutputBuffer()
    private let lines = StatusLines()
    private var date = DateLine()
    private let clock: Clock

    init(clock: Clock) {
        self.clock = clock
    }

    /// Appends the response, head and body.
    ///
    /// - Parameters:
    ///   - closes: whether the connection ends behind it (RFC 9112 section 9.6).
    ///   - now: the present moment, for `Date`.
    func append(_ response: Response, to request: Request, closes: Bool, now: Instant) {
        output.append(lines[response.status])
        output.append(date.bytes(now, clock))
        output.append("X-Request-Id: ")
        if let range = request.clientID {
            request.withRange(range) { output.append($0) }
        } else {
            request.ids.append(request.idNumber, to: output)
        }
        var hasCacheControl = false
        for (name, value) in response.fields {
            switch name.code {
            case FieldName.contentLength.code, FieldName.transferEncoding.code, FieldName.connection.code,
                FieldName.date.code, FieldName.xRequestID.code, FieldName.xContentTypeOptions.code:
                continue
            case FieldName.cacheControl.code: hasCacheControl = true
            default: break
            }
            output.append("\r\n")
            if name.code == 0 {
                output.append(name.other)
            } else {
                output.append(FieldName.spellings[Int(name.code) - 1])
            }
            output.append(": ")
            output.appendValue(value)
        }
        output.append(hasCacheControl ? "\r\n" : "\r\nCache-Control: no-store\r\n")
        output.append(response.block)
        if closes {
            output.append("Connection: close\r\n")
        } else if request.parser.isVersion10 {
            output.append("Connection: keep-alive\r\n")
        }
        // RFC 9110 section 8.6: no length where there can be no body; 304's would be that of the body left out.
        if response.status != 204 && response.status != 304 {
            output.append("Content-Length: ")
            output.appendDecimal(response.body.count)
            output.append("\r\n\r\n")
            if request.method != .head { output.append(response.body) }
        } else {
            output.append("\r\n")
        }
    }
}
