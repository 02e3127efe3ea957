internal import Base
internal import CCares
internal import Glibc

/// One TXT look-up: a c-ares channel of its own on the loop, so that giving up is just destroying it, and a changed
/// `resolv.conf` is seen by the next look-up.
@safe final class TextLookup {
    typealias Ending = Result<[String], DNSError>

    private let loop: EventLoop
    private var channel: ares_channel?
    private var sockets: Set<Int32> = []
    private var timer: LoopTimer?
    private var deadline: LoopTimer?
    private var ending: Ending?
    private var end: ((Ending) -> Void)?

    init(loop: EventLoop) {
        self.loop = loop
    }

    deinit {
        if let channel = unsafe channel { unsafe ares_destroy(channel) }
    }

    /// Once a process, before anything else of c-ares.
    private static let library = ares_library_init(ARES_LIB_INIT_ALL)

    /// Asks; `end` is called once, later, never from here.
    func start(_ name: String, settings: DNSResolver.Settings, end: @escaping (Ending) -> Void) {
        self.end = end
        guard Self.library == ARES_SUCCESS, open(settings) else {
            return finish(.failure(.serverFailure("the resolver could not be set up")))
        }
        deadline = loop.schedule(after: settings.timeout) { self.finish(.failure(.timeout)) }
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        // Class IN, type TXT (RFC 1035 §3.2).
        unsafe ares_query(
            channel, name, 1, 16,
            { me, status, _, bytes, count in unsafe TextLookup.of(me)?.take(status, bytes, count) }, me)
        rearm()
    }

    /// Ends the look-up with the error, unless it has ended.
    func fail(_ error: DNSError) {
        finish(.failure(error))
    }

    private func open(_ settings: DNSResolver.Settings) -> Bool {
        var options = unsafe ares_options()
        unsafe options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_EDNS
        // An attempt is repeated twice as long, so that three fit into 7/4 of the first; leave the last room to end.
        unsafe options.timeout = max(50, Int32(clamping: settings.timeout.nanoseconds / 4_000_000))
        unsafe options.tries = 2
        unsafe options.ednspsz = 1232
        unsafe options.sock_state_cb = { me, descriptor, readable, writable in
            unsafe TextLookup.of(me)?.watch(descriptor, readable != 0, writable != 0)
        }
        unsafe options.sock_state_cb_data = unsafe Unmanaged.passUnretained(self).toOpaque()
        let mask =
            ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ
            | ARES_OPT_SOCK_STATE_CB
        guard unsafe ares_init_options(&channel, &options, mask) == ARES_SUCCESS else {
            unsafe channel = nil
            return false
        }
        guard let server = settings.server else { return true }
        return unsafe ares_set_servers_ports_csv(channel, server.description) == ARES_SUCCESS
    }

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> TextLookup? {
        unsafe pointer.map { unsafe Unmanaged<TextLookup>.fromOpaque($0).takeUnretainedValue() }
    }

    private func watch(_ descriptor: Int32, _ readable: Bool, _ writable: Bool) {
        var readiness: Readiness = []
        if readable { readiness.insert(.readable) }
        if writable { readiness.insert(.writable) }
        if readiness.isEmpty {
            if sockets.remove(descriptor) != nil { loop.unwatch(descriptor) }
        } else if sockets.contains(descriptor) {
            loop.rewatch(descriptor, for: readiness)
        } else if (try? loop.watch(descriptor, for: readiness, LookupSocket(descriptor, self))) != nil {
            // A descriptor that can't be watched leaves the look-up to its time limit.
            sockets.insert(descriptor)
        }
    }

    func ready(_ descriptor: Int32, _ readiness: Readiness) {
        guard ending == nil else { return }
        let readable = readiness.contains(.readable) || readiness.contains(.closed)
        unsafe ares_process_fd(channel, readable ? descriptor : -1, readiness.contains(.writable) ? descriptor : -1)
        rearm()
    }

    /// c-ares repeats and gives up servers when it is called after the time it names.
    private func rearm() {
        timer?.cancel()
        timer = nil
        guard ending == nil else { return }
        var wait = timeval()
        guard unsafe ares_timeout(channel, nil, &wait) != nil else { return }
        let delay = Duration.seconds(Int64(wait.tv_sec)) + .microseconds(Int64(wait.tv_usec))
        timer = loop.schedule(after: delay) {
            unsafe ares_process_fd(self.channel, -1, -1)
            self.rearm()
        }
    }

    private func take(_ status: Int32, _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int32) {
        // The channel is being destroyed.
        guard status != ARES_EDESTRUCTION else { return }
        let error = unsafe ares_strerror(status).map { unsafe String(cString: $0) } ?? "error \(status)"
        switch status {
        case ARES_SUCCESS: unsafe finish(Self.parse(bytes, count))
        // The name does not exist, or has no TXT record.
        case ARES_ENOTFOUND, ARES_ENODATA: finish(.success([]))
        case ARES_ETIMEOUT: finish(.failure(.timeout))
        case ARES_EBADNAME: finish(.failure(.invalidName))
        case ARES_EBADRESP: finish(.failure(.malformed))
        default: finish(.failure(.serverFailure(error)))
        }
    }

    private static func parse(_ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int32) -> Ending {
        var first: UnsafeMutablePointer<ares_txt_ext>?
        let status = unsafe ares_parse_txt_reply_ext(bytes, count, &first)
        guard status == ARES_SUCCESS else { return status == ARES_ENODATA ? .success([]) : .failure(.malformed) }
        defer { unsafe ares_free_data(first) }
        var records: [[UInt8]] = []
        var next = unsafe first
        while let item = unsafe next {
            // The strings of one record belong together (RFC 7208 §3.3).
            let text = unsafe UnsafeBufferPointer(start: item.pointee.txt, count: item.pointee.length)
            if unsafe item.pointee.record_start != 0 || records.isEmpty {
                unsafe records.append(Array(text))
            } else {
                unsafe records[records.count - 1].append(contentsOf: text)
            }
            unsafe next = unsafe item.pointee.next
        }
        return .success(records.map { String(decoding: $0, as: UTF8.self) })
    }

    /// The channel is destroyed later, because this may be called from inside c-ares.
    private func finish(_ ending: Ending) {
        guard self.ending == nil else { return }
        self.ending = ending
        timer?.cancel()
        deadline?.cancel()
        let me = Confined(self)
        loop.execute { me.value.conclude() }
    }

    private func conclude() {
        if let channel = unsafe channel { unsafe ares_destroy(channel) }
        unsafe channel = nil
        guard let ending, let end else { return }
        self.end = nil
        end(ending)
    }
}

/// A descriptor of c-ares that the loop watches.
private final class LookupSocket: EventSource {
    private let descriptor: Int32
    private weak var lookup: TextLookup?

    init(_ descriptor: Int32, _ lookup: TextLookup) {
        self.descriptor = descriptor
        self.lookup = lookup
    }

    func ready(_ readiness: Readiness) {
        lookup?.ready(descriptor, readiness)
    }
}
