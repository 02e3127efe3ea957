internal import HTTP

extension Route {
    /// A route below `/orgs`, and the same below its other name `/organizations`.
    static func orgs(
        _ method: Method, _ template: String, _ answer: @escaping (Request) async throws -> Response
    ) -> [Route] {
        let canonical = "/orgs" + template
        return [
            Route(method, canonical, answer),
            Route(method, "/organizations" + template, answer).alias(of: canonical),
        ]
    }
}

extension [Route] {
    /// The same routes with what API documents say of them; other names need no words of their own.
    func described(_ operation: Operation) -> [Route] {
        map { $0.canonical == nil ? $0.described(operation) : $0 }
    }
}
