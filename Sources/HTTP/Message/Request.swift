public import Base
internal import Glibc

/// One request, as a view on its connection's buffer: text is made when it is asked for.
///
/// Confined to its loop and valid until it is answered. What is kept longer must be copied out of it.
@safe public final class Request {
    /// The loop on which the request is answered.
    public let loop: EventLoop
    /// The address of the connection's other end: the client's or a proxy's.
    public internal(set) var peer = IPAddress.nobody
    /// Whether the connection is encrypted by this server.
    public internal(set) var isTLS = false
    /// What router and handlers say of the request while it is answered.
    public var notes = RequestNotes()
    /// The decoded body; empty where there is none.
    public internal(set) var body: [UInt8] = []
    /// Where the values of the route's parameters stand in the path, in the template's order. Kept for its room.
    private(set) var parameterRanges: [Range<Int>] = []

    var parser: HeadParser
    var bodyParser: BodyParser
    var idNumber: UInt64 = 0
    let ids: RequestIDs

    // The buffer: [start ..< start + parser.length] is the head, [cursor ..< filled] is not yet taken.
    private var base: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    private(set) var start = 0
    private(set) var filled = 0
    private(set) var cursor = 0
    private var hasHead = false

    static let initialCapacity = 8 * 1024

    init(loop: EventLoop, limits: RequestLimits, ids: RequestIDs) {
        self.loop = loop
        self.ids = ids
        parser = HeadParser(limits: limits)
        bodyParser = BodyParser(.none, limits: limits)
        capacity = Self.initialCapacity
        unsafe base = .allocate(capacity: Self.initialCapacity)
        idNumber = ids.next()
    }

    deinit {
        unsafe base.deallocate()
    }
}

// MARK: - The buffer

extension Request {
    /// Gives the array for parameters away, empty, so that it is filled without a copy.
    func takeParameterRanges() -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        swap(&ranges, &parameterRanges)
        ranges.removeAll(keepingCapacity: true)
        return ranges
    }

    func setParameters(names: [String], _ ranges: [Range<Int>]) {
        notes.parameterNames = names
        parameterRanges = ranges
    }

    /// Reads a part of the head.
    @inline(__always) func withRange<R>(_ range: Range<Int>, _ body: (Span<UInt8>) throws -> R) rethrows -> R {
        precondition(range.lowerBound >= 0 && start &+ range.upperBound <= filled)
        return try unsafe body(Span(_unsafeStart: base + start + range.lowerBound, count: range.count))
    }

    /// Bytes received but not yet taken by a request.
    var hasUnread: Bool { cursor < filled }

    /// Whether any byte of the present request, or of one behind it, is here.
    var isEmpty: Bool { filled == start }

    /// Whether it holds nothing of any request.
    var isPristine: Bool { filled == 0 && !hasHead }

    /// Lets `fill` write behind what is there; it says how many bytes it has written.
    @inline(__always) func receive(_ fill: (UnsafeMutableRawBufferPointer) -> Int) {
        if capacity == filled || start > 0 && capacity - filled < 1024 { makeRoom() }
        let space = unsafe UnsafeMutableRawBufferPointer(start: base + filled, count: capacity - filled)
        let count = unsafe fill(space)
        if count > 0 { filled += min(count, space.count) }
    }

    /// Appends bytes from elsewhere.
    func receive(copying bytes: Span<UInt8>) {
        var done = 0
        while done < bytes.count {
            unsafe receive { space in
                let count = min(space.count, bytes.count - done)
                unsafe bytes.extracting(done..<done + count).withUnsafeBytes { unsafe space.copyMemory(from: $0) }
                done += count
                return count
            }
        }
    }

    /// Whether more may be received: the buffer is bounded by the head's limit, twice, so that pipelined requests
    /// behind a large head still fit.
    var hasRoom: Bool { filled < capacity || start > 0 || capacity < parser.limits.head * 2 }

    private func makeRoom() {
        if start > 0 {
            unsafe memmove(base, base + start, filled - start)
            filled -= start
            cursor -= start
            start = 0
            if filled < capacity { return }
        }
        let larger = capacity * 2
        let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        unsafe memcpy(grown, base, filled)
        unsafe base.deallocate()
        unsafe base = grown
        capacity = larger
    }

    /// What is known of the request after the bytes received so far.
    enum Progress: Equatable {
        case incomplete
        /// The head is whole and says that the client waits for `100 Continue`. Said once.
        case expectsContinue
        case complete
        case refused(Refusal)
    }

    /// Goes on with parsing.
    @inline(__always) func advance() -> Progress {
        if !hasHead {
            let bytes = unsafe Span(_unsafeStart: base + start, count: filled - start)
            switch parser.advance(bytes) {
            case .incomplete: return .incomplete
            case .refused(let refusal): return .refused(refusal)
            case .complete: break
            }
            hasHead = true
            cursor = start + parser.length
            if parser.framing.body == .none { return .complete }
            bodyParser = BodyParser(parser.framing.body, limits: parser.limits)
            if case .length(let length) = parser.framing.body { body.reserveCapacity(min(length, 64 * 1024)) }
            if parser.framing.expectsContinue, cursor == filled { return .expectsContinue }
        }
        return advanceBody()
    }

    private func advanceBody() -> Progress {
        let headEnd = start + parser.length
        let bytes = unsafe Span(_unsafeStart: base + headEnd, count: filled - headEnd)
        var taken = cursor - headEnd
        let progress = bodyParser.advance(bytes, &taken, into: &body)
        cursor = headEnd + taken
        switch progress {
        case .incomplete:
            // All was taken: the room behind the head is free again.
            filled = headEnd
            cursor = headEnd
            return .incomplete
        case .complete: return .complete
        case .refused(let refusal): return .refused(refusal)
        }
    }

    /// Whether the head of the present request is whole.
    var isReadingBody: Bool { hasHead }

    /// Forgets the request and begins with the bytes behind it.
    func next() {
        start = cursor
        if start == filled {
            start = 0
            filled = 0
            cursor = 0
        }
        hasHead = false
        parser.reset()
        if !body.isEmpty { body = [] }
        notes = RequestNotes()
        idNumber = ids.next()
    }

    /// Forgets everything, for another connection.
    func clear() {
        cursor = filled
        next()
    }

    /// Gives the bytes behind this request to another, when this one is still held by someone.
    func moveRest(to other: Request) {
        guard cursor < filled else { return }
        other.receive(copying: unsafe Span(_unsafeStart: base + cursor, count: filled - cursor))
        filled = cursor
    }
}
