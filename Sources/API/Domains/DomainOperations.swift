internal import Accounts
internal import HTTP

extension DomainRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let list = Operation(
            "listDomains", tag: tag, "The e-mail domains of an org",
            parameters: [.query("is_verified", .bool)] + .page, answers: [.list(.domain)])
        static let create = Operation(
            "createDomain", tag: tag, "Claim a domain",
            notes: "For admins. Nobody comes in by it before it is proven. Public mail domains are refused.",
            parameters: [.idempotencyKey],
            body: .object([
                Property("domain", .text(3...253)), .optional("auto_provision", .either([.bool, .null])),
                .optional("default_role", .orgRole.orNull),
            ]), answers: [.tagged(.domain, "It is claimed.", status: 201)], refusals: [409])
        static let update = Operation(
            "updateDomain", tag: tag, "Change what a domain does", notes: "For admins.", parameters: [.ifMatch],
            body: .object([.optional("auto_provision", .bool), .optional("default_role", .orgRole)]),
            answers: [.tagged(.domain)], refusals: [412])
        static let delete = Operation(
            "deleteDomain", tag: tag, "Give a domain up", notes: "For admins.", answers: [.deleted])
        static let verify = Operation(
            "verifyDomain", tag: tag, "Look for the proof in DNS",
            notes: "409 while the record is not there, or where another org has proven the domain.",
            body: .optional([]), answers: [.data(.domain)], refusals: [409])

        private static let tag = "Domains"
    }
}
