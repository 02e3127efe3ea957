public import Base

extension Request {
    /// A request without a connection, for tests of handlers. It goes through the same parser as any other.
    ///
    /// - Throws: ``Refusal`` when the parser would refuse it, `SystemError` when no loop can be made.
    public convenience init(
        testing method: Method = .get, _ target: String = "/", fields: [(FieldName, String)] = [], body: [UInt8] = [],
        peer: IPAddress? = nil, isTLS: Bool = false, loop: EventLoop? = nil
    ) throws {
        self.init(loop: try loop ?? EventLoop(), limits: RequestLimits(), ids: RequestIDs(seed: 0))
        self.isTLS = isTLS
        if let peer { self.peer = peer }
        var head = "\(method.name) \(target) HTTP/1.1\r\n"
        if !fields.contains(where: { $0.0 == .host }) { head += "Host: localhost\r\n" }
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
        head += "\r\n"
        receive(copying: (Array(head.utf8) + body).span)
        switch advance() {
        case .complete: return
        case .refused(let refusal): throw refusal
        case .incomplete, .expectsContinue: throw Refusal.requestLine
        }
    }
}
