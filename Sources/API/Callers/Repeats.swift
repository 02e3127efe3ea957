public import Accounts
internal import Base
internal import HTTP

/// Does what a request asks once, however often it is sent with the same `Idempotency-Key`. One a loop.
public final class Repeats {
    private let store: any IdempotencyStore

    /// Puts it together.
    public init(store: any IdempotencyStore) {
        self.store = store
    }

    /// Does the work, or answers what it answered before; without the header it is simply done.
    ///
    /// Everything that the work does with the caller that it is given belongs to one transaction with the kept answer.
    ///
    /// - Throws: 400 for a key that is none, 409 for one that was used for another request, and what the work throws.
    func once(
        _ request: Request, _ caller: Caller, _ work: (Caller) async throws(Problem) -> Response
    ) async throws(Problem) -> Response {
        let keys = request.fields(.idempotencyKey)
        guard let key = keys.first else { return try await work(caller) }
        guard keys.count == 1, (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            throw Problem(.badRequest, "Idempotency-Key must be given once, with 1 to 255 characters of ASCII.")
        }
        let (answer, isRepeated) = try await store.once(caller, key: key, request: Self.essence(of: request)) {
            (caller) async throws(Problem) -> KeptAnswer in
            let response = try await work(caller)
            return KeptAnswer(status: response.status, body: response.body)
        }
        var response = Response(status: answer.status, json: answer.body)
        if let tag = Self.tag(of: answer.body) { response.set(.etag, tag) }
        if isRepeated { response.set(.idempotencyReplayed, "true") }
        return response
    }

    /// The entity tag of the resource that an answer shows, where it says when it was changed.
    private static func tag(of body: [UInt8]) -> String? {
        let resource = (try? JSON.parse(body))?["data"]
        return resource?["updated_at"]?.string.flatMap { Timestamp(rfc3339: $0) }.map { EntityTag.make($0) }
    }

    /// What tells a request from others: the method, the path whatever its alias, and the body.
    private static func essence(of request: Request) -> [UInt8] {
        let path = request.path
        let alias = "/organizations"
        let canonical = path.hasPrefix(alias) ? "/orgs" + path.dropFirst(alias.count) : path
        return Array("\(request.method.name) \(canonical)\n".utf8) + request.body
    }
}

extension FieldName {
    static let idempotencyKey = FieldName("Idempotency-Key")
    static let idempotencyReplayed = FieldName("Idempotency-Replayed")
}
