import Base
import Testing

@testable import HTTP

@Suite("Router") struct RouterTests {
    private func router(_ templates: [String]) throws -> Router {
        try Router(
            templates.map { template in
                .immediate(.get, template) { request in
                    let names = request.notes.parameterNames.map { $0.replacing("...", with: "") }
                    let values = names.map { "\($0)=\(request.parameters[$0] ?? "nil")" }
                    return Response(status: 200, text: "\(request.route) \(values.joined(separator: " "))")
                }
            })
    }

    private func get(_ router: Router, _ path: String, _ method: Method = .get) throws -> Response {
        let request = try Request(testing: method, path, loop: TestLoop.idle)
        return try #require(router.answerNow(request))
    }

    private func text(_ response: Response) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test(
        "finds the one template that a path means",
        arguments: [
            ("/orgs", "/orgs "), ("/orgs/7", "/orgs/{id} id=7"), ("/orgs/me", "/orgs/me "),
            ("/orgs/me/members", "/orgs/{id}/members id=me"), ("/orgs/me/x", "/orgs/me/x "),
            ("/orgs/a%20b", "/orgs/{id} id=a b"), ("/orgs/a%2Fb", "/orgs/{id} id=a/b"),
            ("/orgs/7/members/8", "/orgs/{id}/members/{user} id=7 user=8"),
            ("/files/", "/files/{rest...} rest="), ("/files/a/b%2F/c//", "/files/{rest...} rest=a/b%2F/c//"),
            ("/", "/ "), ("/orgs/7?x=/y", "/orgs/{id} id=7"),
        ])
    func finds(_ path: String, _ expected: String) throws {
        let router = try router([
            "/", "/orgs", "/orgs/{id}", "/orgs/me", "/orgs/me/x", "/orgs/{id}/members", "/orgs/{id}/members/{user}",
            "/files/{rest...}",
        ])
        #expect(text(try get(router, path)) == expected)
    }

    @Test(
        "has nothing for other paths",
        arguments: [
            "/org", "/orgs/", "/orgs//members", "/orgs/7/", "/Orgs", "/orgs/7/members/", "/files", "//", "/%6Frgs",
        ])
    func notFound(_ path: String) throws {
        let router = try router(["/orgs", "/orgs/{id}", "/orgs/{id}/members", "/files/{rest...}"])
        let response = try get(router, path)
        #expect(response.status == 404)
        #expect(text(response).contains("\"code\":\"not_found\""))
    }

    @Test(
        "refuses a parameter that is no text",
        arguments: ["/orgs/%", "/orgs/%4", "/orgs/%zz", "/orgs/%ff", "/orgs/%c3%28"])
    func badEncoding(_ path: String) throws {
        #expect(try get(router(["/orgs/{id}"]), path).status == 400)
    }

    @Test(
        "stops the start",
        arguments: [
            ["/a", "/a"], ["/a/{x}", "/a/{x}"], ["/a/{x}", "/a/{y}"], ["/a/{x...}", "/a/{y...}"], ["a"], ["/{}"],
            ["/a{x}"], ["/{x"], ["/{x...}/b"], ["/{x}/{x}"], ["/{a.b}"],
        ])
    func conflicts(_ templates: [String]) {
        #expect(throws: RouteConflict.self) { try router(templates) }
    }

    @Test("tells methods of one path apart, and takes any where none is named")
    func methods() throws {
        let router = try Router([
            .immediate(.get, "/a") { _ in Response(status: 200) },
            .immediate(.put, "/a") { _ in Response(status: 201) },
            .immediate(nil, "/any") { _ in Response(status: 202) },
            .immediate(.other("PURGE"), "/purge") { _ in Response(status: 200) },
        ])
        #expect(try get(router, "/a").status == 200)
        #expect(try get(router, "/a", .head).status == 200)
        #expect(try get(router, "/a", .put).status == 201)
        let refused = try get(router, "/a", .post)
        #expect(refused.status == 405)
        #expect(refused.field(.allow) == "GET, HEAD, OPTIONS, PUT")
        for method in [Method.get, .head, .post, .put, .patch, .delete, .options, .other("PROPFIND")] {
            #expect(try get(router, "/any", method).status == 202)
        }
        #expect(try get(router, "/any", .other("TRACE")).status == 405)
        #expect(try get(router, "/purge", .other("PURGE")).status == 200)
        #expect(try get(router, "/purge").field(.allow) == "OPTIONS, PURGE")
    }

    @Test("asks later where now has nothing to say, and decorates every answer")
    func later() async throws {
        let router = try Router(
            [Route(.get, "/a", now: { $0.query == nil ? Response(status: 200) : nil }) { _ in Response(status: 201) }],
            decorate: { request, response in response.set(.vary, request.route) })
        #expect(try get(router, "/a").field(.vary) == "/a")
        let request = try Request(testing: .get, "/a?x", loop: TestLoop.idle)
        #expect(router.answerNow(request)?.status == nil)
        let answer = await router.answer(request)
        #expect(answer.status == 201)
        #expect(answer.field(.vary) == "/a")
        #expect(try get(router, "/b").field(.vary) == RequestNotes.unmatched)
        #expect(try get(router, "/a", .options).field(.vary) == "/a")
    }
}
