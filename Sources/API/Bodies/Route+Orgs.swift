internal import HTTP

extension Route {
    /// A route below `/orgs`, and the same below its other name `/organizations`.
    static func orgs(
        _ method: Method, _ template: String, _ answer: @escaping (Request) async throws -> Response
    ) -> [Route] {
        ["/orgs", "/organizations"].map { Route(method, $0 + template, answer) }
    }
}
