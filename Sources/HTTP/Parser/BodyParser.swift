/// Reads a request's body: so many bytes, or chunks (RFC 9112 section 7.1). A pure state machine over what follows
/// the head; it takes what it is shown and says how much of it belongs to the body.
struct BodyParser {
    /// What is known after the bytes shown so far.
    enum Progress: Equatable {
        case incomplete
        case complete
        case refused(Refusal)
    }

    private enum Phase: Equatable {
        case data
        case size
        case extensions
        case sizeBreak
        case chunkData
        case chunkReturn
        case chunkBreak
        case trailerStart
        case trailerName
        case trailerValue
        case trailerBreak
        case lastBreak
        case done
    }

    private let limits: RequestLimits
    private var phase: Phase
    /// Bytes still to come of the body or the present chunk.
    private var remaining = 0
    private var digits = 0
    private var extensionBytes = 0
    private var trailerBytes = 0
    private var trailerFields = 0

    init(_ framing: Framing.Body, limits: RequestLimits) {
        self.limits = limits
        switch framing {
        case .none: phase = .done
        case .length(let length):
            phase = length == 0 ? .done : .data
            remaining = length
        case .chunked: phase = .size
        }
    }

    /// Whether nothing of the body is missing.
    var isComplete: Bool { phase == .done }

    /// Takes bytes from `cursor` on, moves it behind what was taken, and appends the body's own bytes.
    mutating func advance(_ bytes: Span<UInt8>, _ cursor: inout Int, into body: inout [UInt8]) -> Progress {
        while phase != .done {
            guard cursor < bytes.count else { return .incomplete }
            if phase == .data || phase == .chunkData {
                let count = min(remaining, bytes.count - cursor)
                let part = bytes.extracting(cursor..<cursor + count)
                unsafe part.withUnsafeBufferPointer { unsafe body.append(contentsOf: $0) }
                cursor += count
                remaining -= count
                if remaining == 0 { phase = phase == .data ? .done : .chunkReturn }
                continue
            }
            let byte = bytes[cursor]
            cursor += 1
            if let refusal = take(byte, bodyCount: body.count) { return .refused(refusal) }
        }
        return .complete
    }

    private mutating func take(_ byte: UInt8, bodyCount: Int) -> Refusal? {
        switch phase {
        case .size: return takeSize(byte, bodyCount: bodyCount)
        case .extensions:
            if byte == Octet.carriageReturn {
                phase = .sizeBreak
                return nil
            }
            guard byte >= 32 && byte != 127 || byte == Octet.tab else { return .chunk }
            extensionBytes += 1
            return extensionBytes > limits.chunkExtensions ? .bodyTooLarge : nil
        case .sizeBreak: return expect(byte, Octet.lineFeed, then: remaining == 0 ? .trailerStart : .chunkData)
        case .chunkReturn: return expect(byte, Octet.carriageReturn, then: .chunkBreak)
        case .chunkBreak:
            digits = 0
            return expect(byte, Octet.lineFeed, then: .size)
        default: return takeTrailer(byte)
        }
    }

    private mutating func expect(_ byte: UInt8, _ wanted: UInt8, then next: Phase) -> Refusal? {
        guard byte == wanted else { return .chunk }
        phase = next
        return nil
    }

    /// One to eight hexadecimal digits, then an extension or the line break; no sign, no `0x`, no space.
    private mutating func takeSize(_ byte: UInt8, bodyCount: Int) -> Refusal? {
        if let digit = Octet.hex(byte) {
            guard digits < 8 else { return .chunk }
            digits += 1
            remaining = remaining << 4 | Int(digit)
            return remaining > limits.body - bodyCount ? .bodyTooLarge : nil
        }
        guard digits > 0 else { return .chunk }
        switch byte {
        case Octet.carriageReturn: phase = .sizeBreak
        case 59: phase = .extensions
        default: return .chunk
        }
        return nil
    }

    /// Trailer fields are read with the rules of fields and dropped: none may change what the head has said
    /// (RFC 9110 section 6.5.1).
    private mutating func takeTrailer(_ byte: UInt8) -> Refusal? {
        trailerBytes += 1
        if trailerBytes > limits.trailers { return .trailersTooLarge }
        switch phase {
        case .trailerStart:
            if byte == Octet.carriageReturn {
                phase = .lastBreak
                return nil
            }
            guard Octet.isToken(byte) else { return .chunk }
            trailerFields += 1
            if trailerFields > limits.fieldCount { return .tooManyFields }
            phase = .trailerName
        case .trailerName:
            if byte == Octet.colon {
                phase = .trailerValue
            } else if !Octet.isToken(byte) {
                return .chunk
            }
        case .trailerValue:
            if byte == Octet.carriageReturn {
                phase = .trailerBreak
            } else if byte < 32 && byte != Octet.tab || byte == 127 {
                return .chunk
            }
        case .trailerBreak: return expect(byte, Octet.lineFeed, then: .trailerStart)
        default: return expect(byte, Octet.lineFeed, then: .done)
        }
        return nil
    }
}
