internal import Accounts
internal import HTTP

extension WebhookRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let clerk = Operation(
            "receiveClerk", tag: tag, "Events of Clerk, signed by Svix",
            notes: "The headers may also have the names of Standard Webhooks: `webhook-id` and so on.", access: .anyone,
            parameters: [
                .header("Svix-Id", .text), .header("Svix-Timestamp", .text, "Five minutes at most from now."),
                .header("Svix-Signature", .text, "One signature or several."),
            ], body: .document(.anyObject),
            answers: [.data(.object([Property("outcome", .choice(WebhookEvent.Outcome.self))]), "It is done.")],
            refusals: [401])
        static let verifyOkta = Operation(
            "verifyOkta", tag: tag, "The question by which Okta verifies an event hook", access: .anyone,
            parameters: [.header("X-Okta-Verification-Challenge", .text(1...1024))],
            answers: [Operation.Answer(200, "The challenge.", .object([Property("verification", .text)]))],
            refusals: [401])
        static let okta = Operation(
            "receiveOkta", tag: tag, "Events of Okta", notes: "`Authorization` holds the value that both sides share.",
            access: .anyone, body: .document(.anyObject),
            answers: [
                .data(
                    .object(WebhookEvent.Outcome.allCases.map { Property($0.rawValue, .integer(0...Int64.max)) }),
                    "How many events came to what.")
            ], refusals: [401])
        static let securityEvent = Operation(
            "receiveSecurityEvent", tag: tag, "A Security Event Token (RFC 8935)",
            notes: "Signed by a configured issuer; ends its subject's sessions.", access: .anyone,
            body: .document(.text, mediaType: "application/secevent+jwt"),
            answers: [
                Operation.Answer(202, "It is done."),
                Operation.Answer(
                    400, "It is not as it should be.",
                    .object([Property("err", .text), Property("description", .text)])),
            ])

        private static let tag = "Webhooks"
    }
}

extension WebhookAdminRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let list = Operation(
            "listWebhooks", tag: tag, "What providers have told",
            parameters: [
                .query("provider", .choice(WebhookSender.self)), .query("status", .choice(WebhookDelivery.Status.self)),
                .query("event_type", .text(1...Query.longestText)), .query("subject", .text(1...Query.longestText)),
            ] + .page, answers: [.list(.delivery)])
        static let get = Operation(
            "getWebhook", tag: tag, "A delivery with its payload", answers: [.data(.wholeDelivery)])
        static let replay = Operation(
            "replayWebhook", tag: tag, "Do a delivery again", body: .optional([]), answers: [.data(.wholeDelivery)],
            refusals: [409])

        private static let tag = "Webhooks"
    }
}

extension Schema {
    fileprivate static let delivery = component("WebhookDelivery", .object(properties))
    fileprivate static let wholeDelivery = component(
        "WholeWebhookDelivery", .object(properties + [Property("payload", .anyObject)]))

    private static let properties = [
        Property("id", .uuid), Property("provider", .text), Property("delivery_id", .text),
        Property("event_type", .text), Property("subject", .text.orNull), Property("status", .text),
        Property("error", .text.orNull), Property("attempts", .integer(0...Int64.max)),
        Property("occurred_at", .time.orNull), Property("done_at", .time.orNull), Property("created_at", .time),
    ]
}
