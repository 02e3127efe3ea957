/// Answers requests. Belongs to one loop.
public protocol Handler: AnyObject {
    /// The answer from memory, at once; nil to be asked ``answer(_:)``.
    func answerNow(_ request: Request) -> Response?
    /// The answer, as a task on the request's loop.
    func answer(_ request: Request) async -> Response
}
