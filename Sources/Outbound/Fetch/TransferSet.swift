internal import Base
internal import CCurl

/// libcurl's multi handle on a loop: transfers under one address rule, and the connections that they share.
///
/// A set for each rule, because a connection that one rule allowed must not be reused under a stricter one.
@safe final class TransferSet {
    private let loop: EventLoop
    private let multi: UnsafeMutableRawPointer
    private var transfers: [ObjectIdentifier: Transfer] = [:]
    private var timer: LoopTimer?
    private var isClosed = false

    /// Nil when libcurl has no memory.
    init?(loop: EventLoop, settings: HTTPClient.Settings) {
        guard let handle = unsafe curl_multi_init() else { return nil }
        self.loop = loop
        unsafe multi = handle
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        let codes = unsafe [
            vst_curl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, me),
            vst_curl_multi_set_socket(multi) { _, descriptor, interest, me, _ in
                unsafe TransferSet.of(me)?.watch(descriptor, interest)
                return 0
            },
            vst_curl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, me),
            vst_curl_multi_set_timer(multi) { _, milliseconds, me in
                unsafe TransferSet.of(me)?.wake(after: milliseconds)
                return 0
            },
            vst_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, settings.idleConnections),
            vst_curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, settings.connectionsPerHost),
        ]
        guard codes.allSatisfy({ $0 == CURLM_OK }) else {
            unsafe curl_multi_cleanup(multi)
            return nil
        }
    }

    deinit {
        close()
    }

    /// The transfers that have not ended.
    var count: Int { transfers.count }

    /// Begins a transfer; its `end` is called later, never from here.
    func start(_ transfer: Transfer) {
        transfers[ObjectIdentifier(transfer)] = transfer
        guard !isClosed, unsafe curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else {
            transfers[ObjectIdentifier(transfer)] = nil
            return loop.execute { [ended = Confined(transfer)] in ended.value.fail(.cancelled) }
        }
    }

    /// Ends a transfer that is still going; one that has ended is left as it is.
    func cancel(_ transfer: Transfer) {
        guard transfers.removeValue(forKey: ObjectIdentifier(transfer)) != nil else { return }
        unsafe curl_multi_remove_handle(multi, transfer.easy)
        transfer.fail(.cancelled)
    }

    /// Ends all transfers and closes all connections.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        for transfer in Array(transfers.values) { cancel(transfer) }
        unsafe curl_multi_cleanup(multi)
        timer?.cancel()
    }

    /// Tells libcurl that a descriptor is ready.
    func ready(_ descriptor: Int32, _ readiness: Readiness) {
        var bits: Int32 = 0
        if readiness.contains(.readable) { bits |= CURL_CSELECT_IN }
        if readiness.contains(.writable) { bits |= CURL_CSELECT_OUT }
        // With no bits set, as for a connection that only closed, libcurl looks for itself.
        act(on: descriptor, bits)
    }

    private func act(on descriptor: curl_socket_t, _ bits: Int32) {
        guard !isClosed else { return }
        var running: Int32 = 0
        _ = unsafe curl_multi_socket_action(multi, descriptor, bits, &running)
        reap()
    }

    private func reap() {
        var left: Int32 = 0
        while !isClosed, let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let easy = unsafe message.pointee.easy_handle else {
                continue
            }
            // Read before the handle leaves: the message dies with it.
            let code = unsafe vst_curl_result(message)
            var pointer: UnsafeMutableRawPointer?
            _ = unsafe vst_curl_get_pointer(easy, CURLINFO_PRIVATE, &pointer)
            unsafe curl_multi_remove_handle(multi, easy)
            guard let transfer = unsafe Transfer.of(pointer) else { continue }
            transfers[ObjectIdentifier(transfer)] = nil
            transfer.finish(code)
        }
    }

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> TransferSet? {
        unsafe pointer.map { unsafe Unmanaged<TransferSet>.fromOpaque($0).takeUnretainedValue() }
    }

    private var watched: Set<Int32> = []

    private func watch(_ descriptor: Int32, _ interest: Int32) {
        let readiness: Readiness? =
            switch interest {
            case CURL_POLL_IN: .readable
            case CURL_POLL_OUT: .writable
            case CURL_POLL_INOUT: [.readable, .writable]
            default: nil
            }
        guard let readiness else {
            if watched.remove(descriptor) != nil { loop.unwatch(descriptor) }
            return
        }
        if watched.contains(descriptor) {
            loop.rewatch(descriptor, for: readiness)
        } else if (try? loop.watch(descriptor, for: readiness, TransferSocket(descriptor, self))) != nil {
            // A descriptor that can't be watched leaves its transfer to the time limit.
            watched.insert(descriptor)
        }
    }

    private func wake(after milliseconds: Int) {
        timer?.cancel()
        timer = nil
        guard milliseconds >= 0, !isClosed else { return }
        // Never from here: libcurl must not be called from its own call-back.
        timer = loop.schedule(after: .milliseconds(milliseconds)) { [weak self] in
            self?.timer = nil
            self?.act(on: CURL_SOCKET_TIMEOUT, 0)
        }
    }
}
