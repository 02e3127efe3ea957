internal import Base
internal import CPostgres

/// Opens one connection: goes through the servers of the URI, one address at a time, each with its own time limit.
@safe final class Connector: EventSource {
    private let loop: EventLoop
    private let uri: ConnectionURI
    private let extra: [(keyword: String, value: String)]
    private let patience: Duration
    private var completion: ((Result<Handle, DatabaseError>) -> Void)?

    private var attempts: [Attempt]
    private var handle: Handle?
    private var watched: Int32 = -1
    private var timer: LoopTimer?
    private var complaints: [String] = []

    private struct Attempt {
        var target: ConnectionURI.Target
        var attributes: String?
    }

    /// - Parameters:
    ///   - extra: settings that hold unless the URI says otherwise.
    ///   - patience: how long one address may take.
    ///   - completion: called once on the loop, unless ``cancel()`` comes first; never inside ``start()``.
    init(
        loop: EventLoop, uri: ConnectionURI, extra: [(keyword: String, value: String)], patience: Duration,
        completion: @escaping (Result<Handle, DatabaseError>) -> Void
    ) {
        self.loop = loop
        self.uri = uri
        self.extra = extra
        self.patience = patience
        self.completion = completion
        attempts = Self.passes(uri.sessionAttributes).flatMap { attributes in
            uri.targets.map { Attempt(target: $0, attributes: attributes) }
        }
    }

    func start() {
        // Later, so that the caller has its own state in order before the first answer.
        timer = loop.schedule(after: .zero) { [weak self] in self?.next() }
    }

    func cancel() {
        completion = nil
        drop()
    }

    func ready(_ readiness: Readiness) {
        advance()
    }

    /// Against one server `prefer-standby` means nothing: a first pass looks for standbys, a second takes any.
    private static func passes(_ attributes: String?) -> [String?] {
        attributes == "prefer-standby" ? ["standby", nil] : [attributes]
    }

    private func next() {
        drop()
        guard completion != nil else { return }
        guard !attempts.isEmpty else { return finish(.failure(failure)) }
        let attempt = attempts.removeFirst()
        timer = loop.schedule(after: patience) { [weak self] in self?.giveUp("no answer in time") }
        if attempt.target.needsResolution { resolve(attempt) } else { connect(attempt) }
    }

    private func resolve(_ attempt: Attempt) {
        let host = attempt.target.host
        let back = Confined(Weak(self))
        let loop = loop
        let taken = HelperThread.resolving.run {
            let addresses = HostNames.resolve(host)
            loop.execute { back.value.object?.resolved(attempt, addresses) }
        }
        if !taken { giveUp("too many names are being resolved") }
    }

    private func resolved(_ attempt: Attempt, _ addresses: [String]) {
        // An answer after the time limit belongs to an attempt that is over.
        guard completion != nil, handle == nil, attempts.count < Self.limit else { return }
        if addresses.isEmpty { return giveUp("the host name \(attempt.target.host) has no address") }
        let known = addresses.map { address in
            var known = attempt
            known.target.address = address
            return known
        }
        attempts.insert(contentsOf: known, at: 0)
        next()
    }

    private static let limit = 256

    private func connect(_ attempt: Attempt) {
        handle = Handle(settings(for: attempt))
        guard let handle, !handle.isBad else { return giveUp(handle?.message ?? "out of memory") }
        wait(for: .writable)
    }

    private func settings(for attempt: Attempt) -> [(keyword: String, value: String)] {
        var settings = extra.filter { extra in uri[extra.keyword] == nil } + uri.settings
        if !attempt.target.host.isEmpty { settings.append(("host", attempt.target.host)) }
        if !attempt.target.address.isEmpty { settings.append(("hostaddr", attempt.target.address)) }
        if !attempt.target.port.isEmpty { settings.append(("port", attempt.target.port)) }
        if let attributes = attempt.attributes { settings.append(("target_session_attrs", attributes)) }
        return settings
    }

    private func advance() {
        guard let handle else { return }
        // libpq may close the socket and open another with the same number: never watch it across a step.
        unwatch()
        switch handle.poll() {
        case .reading: wait(for: .readable)
        case .writing: wait(for: .writable)
        case .failed: giveUp(handle.message)
        case .connected:
            self.handle = nil
            finish(.success(handle))
        }
    }

    private func wait(for readiness: Readiness) {
        guard let handle, handle.socket >= 0 else { return giveUp("the connection has no socket") }
        do throws(SystemError) {
            try loop.watch(handle.socket, for: readiness, self)
            watched = handle.socket
        } catch {
            giveUp(error.description)
        }
    }

    private func giveUp(_ complaint: String) {
        if complaints.count < 8 { complaints.append(complaint) }
        next()
    }

    private func unwatch() {
        if watched >= 0 { loop.unwatch(watched) }
        watched = -1
    }

    private func drop() {
        timer?.cancel()
        timer = nil
        unwatch()
        handle = nil
    }

    private var failure: DatabaseError {
        DatabaseError(.unavailable, phase: .connect, cause: complaints.joined(separator: "; "))
    }

    private func finish(_ result: Result<Handle, DatabaseError>) {
        drop()
        let call = completion
        completion = nil
        call?(result)
    }
}

/// Refers to an object without keeping it.
final class Weak<Object: AnyObject> {
    private(set) weak var object: Object?

    init(_ object: Object) {
        self.object = object
    }
}
