/// Reads a request's head: request line and fields (RFC 9112 sections 2–6). A pure state machine: it is shown the same
/// bytes again with more behind them, goes on where it stopped, and judges the same however they were cut.
///
/// Strict where parsers differ, because a proxy in front may read the same bytes otherwise: nothing ambiguous passes.
struct HeadParser {
    /// What is known after the bytes shown so far.
    enum Progress: Equatable {
        case incomplete
        case complete
        case refused(Refusal)
    }

    private enum Phase { case start, requestLine, fields }

    let limits: RequestLimits
    private var phase = Phase.start
    private var lineStart = 0
    private var scan = 0

    /// Bytes of the head with its last line break, once complete.
    private(set) var length = 0
    /// The method, once complete.
    private(set) var method = Method.get
    /// The target's path, without query.
    private(set) var path = 0..<0
    /// What stands behind the first `?`; nil when there is none.
    private(set) var query: Range<Int>?
    /// Whether the version is HTTP/1.0.
    private(set) var isVersion10 = false
    /// The fields in their order.
    private(set) var fields: [FieldEntry] = []
    /// How the body is framed.
    private(set) var framing = Framing()

    private var authority: Range<Int>?

    init(limits: RequestLimits) {
        self.limits = limits
        fields.reserveCapacity(32)
    }

    /// Makes the parser ready for another head; keeps what it has allocated.
    mutating func reset() {
        phase = .start
        lineStart = 0
        scan = 0
        length = 0
        method = .get
        path = 0..<0
        query = nil
        authority = nil
        isVersion10 = false
        fields.removeAll(keepingCapacity: true)
        framing = Framing()
    }

    /// Goes on with all bytes received since the request's first.
    mutating func advance(_ bytes: Span<UInt8>) -> Progress {
        if phase == .start {
            switch begin(bytes) {
            case .complete: phase = .requestLine
            case let other: return other
            }
        }
        while true {
            let end = bytes.firstControl(from: scan)
            scan = end
            if phase == .requestLine, end &- lineStart > limits.requestLine { return .refused(.requestLineTooLong) }
            if end == bytes.count { return end > limits.head ? .refused(.headTooLarge) : .incomplete }
            if end &+ 2 > limits.head { return .refused(.headTooLarge) }
            guard bytes[end] == Octet.carriageReturn else {
                return .refused(bytes[end] == Octet.lineFeed ? .lineBreak : controlRefusal)
            }
            if end &+ 1 == bytes.count { return .incomplete }
            guard bytes[end &+ 1] == Octet.lineFeed else { return .refused(.lineBreak) }
            let line = lineStart..<end
            scan = end &+ 2
            lineStart = scan
            if phase == .requestLine {
                if let refusal = readRequestLine(bytes, line) { return .refused(refusal) }
                phase = .fields
            } else if line.isEmpty {
                length = scan
                if let refusal = finish(bytes) { return .refused(refusal) }
                return .complete
            } else if let refusal = readField(bytes, line) {
                return .refused(refusal)
            }
        }
    }

    private var controlRefusal: Refusal { phase == .requestLine ? .requestLine : .controlByte }

    /// RFC 9112 section 2.2: one empty line before the request line is passed over, for old clients that send one
    /// behind a body. What can begin no method is refused at once and not waited for.
    private mutating func begin(_ bytes: Span<UInt8>) -> Progress {
        guard bytes.count > scan else { return .incomplete }
        if scan == 0, bytes[0] == Octet.carriageReturn {
            guard bytes.count > 1 else { return .incomplete }
            guard bytes[1] == Octet.lineFeed else { return .refused(.lineBreak) }
            scan = 2
            lineStart = 2
            guard bytes.count > 2 else { return .incomplete }
        }
        return Octet.isToken(bytes[scan]) ? .complete : .refused(.notHTTP)
    }

    private mutating func readRequestLine(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Refusal? {
        var index = line.lowerBound
        while index < line.upperBound, Octet.isToken(bytes[index]) { index &+= 1 }
        guard index > line.lowerBound, index < line.upperBound, bytes[index] == Octet.space else { return .requestLine }
        method = Method(token: bytes.extracting(line.lowerBound..<index))
        let start = index &+ 1
        index = start
        while index < line.upperBound, bytes[index] != Octet.space { index &+= 1 }
        guard index > start, index < line.upperBound else { return .requestLine }
        let version = bytes.extracting((index &+ 1)..<line.upperBound)
        if version.spells("HTTP/1.0") {
            isVersion10 = true
        } else if !version.spells("HTTP/1.1") {
            return isVersion(version) ? .version : .requestLine
        }
        return readTarget(bytes, start..<index)
    }

    /// `HTTP/` digit `.` digit (RFC 9112 section 2.3).
    private func isVersion(_ text: Span<UInt8>) -> Bool {
        text.count == 8 && text.extracting(0..<5).spells("HTTP/") && Octet.isDigit(text[5]) && text[6] == 46
            && Octet.isDigit(text[7])
    }

    /// RFC 9112 section 3.2. Origin-form as it is; absolute-form by its path, its authority held against Host;
    /// asterisk-form for OPTIONS alone; authority-form never.
    private mutating func readTarget(_ bytes: Span<UInt8>, _ target: Range<Int>) -> Refusal? {
        var mark = -1
        var index = target.lowerBound
        while index < target.upperBound {
            let byte = bytes[index]
            if byte &- 36 >= 91 {
                guard byte > 32, byte < 127, byte != 35 else { return .target }
            } else if byte == 63, mark < 0 {
                mark = index
            }
            index &+= 1
        }
        if case .other("CONNECT") = method { return .connectMethod }
        let end = mark < 0 ? target.upperBound : mark
        query = mark < 0 ? nil : (mark &+ 1)..<target.upperBound
        path = target.lowerBound..<end
        if bytes[target.lowerBound] == 47 { return nil }
        if target.count == 1, bytes[target.lowerBound] == 42 { return method == .options ? nil : .target }
        var start = target.lowerBound
        if target.count > 7, bytes.extracting(start..<start + 7).spellsAnyCase("http://") {
            start += 7
        } else if target.count > 8, bytes.extracting(start..<start + 8).spellsAnyCase("https://") {
            start += 8
        } else {
            return .target
        }
        var slash = start
        while slash < end, bytes[slash] != 47 { slash &+= 1 }
        authority = start..<slash
        path = slash..<end
        return slash == start ? .target : nil
    }

    private mutating func readField(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Refusal? {
        guard !Octet.isBlank(bytes[line.lowerBound]) else { return .foldedField }
        var colon = line.lowerBound
        while colon < line.upperBound, bytes[colon] != Octet.colon { colon &+= 1 }
        guard colon > line.lowerBound, colon < line.upperBound else { return .fieldName }
        let name = bytes.extracting(line.lowerBound..<colon)
        let code = FieldNameTable.shared.code(of: name)
        // A known name is a token, letter by letter.
        guard code != 0 || name.isToken else { return .fieldName }
        guard fields.count < limits.fieldCount else { return .tooManyFields }
        var start = colon &+ 1
        var end = line.upperBound
        while start < end, Octet.isBlank(bytes[start]) { start &+= 1 }
        while end > start, Octet.isBlank(bytes[end &- 1]) { end &-= 1 }
        let entry = FieldEntry(
            code: code, nameStart: Int32(truncatingIfNeeded: line.lowerBound),
            nameLength: Int32(truncatingIfNeeded: colon &- line.lowerBound),
            valueStart: Int32(truncatingIfNeeded: start), valueLength: Int32(truncatingIfNeeded: end &- start))
        fields.append(entry)
        if code != 0 { framing.note(code, place: fields.count &- 1) }
        return nil
    }

    private mutating func finish(_ bytes: Span<UInt8>) -> Refusal? {
        if let refusal = checkHost(bytes) { return refusal }
        return framing.finish(bytes, fields, isVersion10: isVersion10, limits: limits)
    }

    /// RFC 9112 section 3.2: exactly one Host in HTTP/1.1; where the target names an authority, the same one.
    private func checkHost(_ bytes: Span<UInt8>) -> Refusal? {
        guard framing.hostCount <= 1 else { return .host }
        guard framing.hostCount == 1 else { return isVersion10 && authority == nil ? nil : .host }
        let host = bytes.extracting(fields[framing.host].value)
        guard HostSyntax.isValid(host) else { return .host }
        if let authority, !bytes.extracting(authority).equalsAnyCase(host) { return .host }
        return nil
    }
}
