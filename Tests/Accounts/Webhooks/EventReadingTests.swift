import Base
import Testing

@testable import Accounts

@Suite struct EventReadingTests {
    private let now = Timestamp(seconds: 1_900_000_000)

    private func json(_ text: String) throws -> JSON { try JSON.parse(Array(text.utf8)) }

    @Test("Only the primary e-mail counts, with its own status")
    func clerkUser() throws {
        let event = try ClerkEvents.read(
            json(
                """
                {"type": "user.updated", "timestamp": 1899999990000, "data": {"id": "user_1", "updated_at": 1899999980000,
                 "primary_email_address_id": "b", "first_name": "Ada", "banned": false, "image_url": "http://x",
                 "email_addresses": [{"id": "a", "email_address": "a@x.example", "verification": {"status": "verified"}},
                  {"id": "b", "email_address": "b@x.example", "verification": {"status": "unverified"}}]}}
                """), id: "msg_1", now: now)
        let person = LookedUpPerson(
            email: "b@x.example", isEmailVerified: false, details: PersonDetails(firstName: "Ada"))
        let at = Timestamp(seconds: 1_899_999_980)
        #expect(
            event.effects == [
                .person(subject: "user_1", person, saidAt: at), .standing(.id("user_1"), .active, at: at),
            ])
        #expect(event.occurredAt == Timestamp(seconds: 1_899_999_990))
    }

    @Test("No event is believed to come from further ahead than five minutes")
    func future() throws {
        let event = try ClerkEvents.read(
            json(#"{"type": "user.deleted", "timestamp": 9999999999999, "data": {"id": "user_1"}}"#), id: "m", now: now)
        #expect(event.occurredAt == now.advanced(bySeconds: 300))
    }

    @Test("What is kept can be read again, and holds nothing that nobody needs")
    func keptPayload() throws {
        let text = """
            {"type": "user.created", "timestamp": 1899999990000, "data": {"id": "user_1", "updated_at": 1,
             "private_metadata": {"id": "secret"}, "password_enabled": true, "last_name": "Null \\u0000",
             "email_addresses": [], "banned": true}}
            """
        let event = try ClerkEvents.read(json(text), id: "m", now: now)
        let kept = String(decoding: event.payload, as: UTF8.self)
        #expect(!kept.contains("secret") && !kept.contains("password") && !kept.contains("\\u0000"))
        let again = try ClerkEvents.read(json(kept), id: "m", now: now)
        #expect(again.occurredAt == event.occurredAt && again.subject == event.subject)
        let large = "{\"type\": \"user.created\", \"data\": {\"id\": \"\(String(repeating: "x", count: 40_000))\"}}"
        #expect(StoredPayload.make(try json(large)) == Array("{}".utf8))
    }

    @Test(
        "Okta's events and what they mean",
        arguments: [
            ("user.lifecycle.deactivate", WebhookEffect.Standing.suspended), ("user.lifecycle.suspend", .suspended),
            ("user.lifecycle.reactivate", .active), ("user.lifecycle.unsuspend", .active),
            ("user.lifecycle.delete.initiated", .deleted),
        ])
    func okta(type: String, standing: WebhookEffect.Standing) throws {
        func read(_ result: String) throws -> WebhookEvent {
            try OktaEvents.readAll(
                json(
                    """
                    {"eventId": "e", "data": {"events": [{"uuid": "u", "eventType": "\(type)",
                     "published": "2030-03-17T17:46:30.123Z", "outcome": {"result": "\(result)"},
                     "actor": {"id": "00uboss", "type": "User"},
                     "target": [{"id": "app", "type": "AppInstance"}, {"id": "00u1", "type": "User"}]}]}}
                    """), now: now)[0]
        }
        let at = Timestamp(microseconds: 1_899_999_990_123_000)
        #expect(try read("SUCCESS").effects == [.standing(.id("00u1"), standing, at: at)])
        #expect(try read("FAILURE").effects.isEmpty)
    }

    @Test("A delivery of Okta's may hold 500 events")
    func oktaLimit() throws {
        func delivery(_ count: Int) throws -> JSON {
            let events = (0..<count).map { "{\"uuid\": \"\($0)\", \"eventType\": \"x\"}" }
            return try json("{\"data\": {\"events\": [\(events.joined(separator: ","))]}}")
        }
        #expect(try OktaEvents.readAll(delivery(OktaEvents.most), now: now).count == 500)
        let problem = #expect(throws: Problem.self) {
            try OktaEvents.readAll(delivery(OktaEvents.most + 1), now: now)
        }
        #expect(problem?.code == .payloadTooLarge)
    }

    private static let revoked = "https://schemas.openid.net/secevent/caep/event-type/session-revoked"

    @Test(
        "The subject of a security event stands in the event, in sub_id or in sub",
        arguments: [
            #""events": {"\#(revoked)": {"subject": {"format": "iss_sub", "iss": "https://i", "sub": "s"}}}"#,
            #""events": {"\#(revoked)": {"subject": {"subject_type": "iss-sub", "iss": "https://i", "sub": "s"}}}"#,
            #""events": {"\#(revoked)": {"subject": {"user": {"format": "iss_sub", "iss": "https://i", "sub": "s"}}}}"#,
            #""sub_id": {"format": "iss_sub", "iss": "https://i", "sub": "s"}, "events": {"\#(revoked)": {}}"#,
            #""sub": "s", "events": {"\#(revoked)": {}}"#,
        ])
    func subjects(members: String) throws {
        let event = try SecurityEvents.read(
            json("{\"jti\": \"j\", \"iat\": 1899999990, \(members)}"), issuer: "https://i", now: now)
        #expect(event.effects == [.endSessions(.id("s"), at: Timestamp(seconds: 1_899_999_990))])
    }

    @Test(
        "A security event without what it needs is refused",
        arguments: [
            #"{"iat": 1, "events": {"x": {}}}"#, #"{"jti": "j", "iat": 1}"#, #"{"jti": "j", "events": {}}"#,
            #"{"jti": "j", "events": {"\#(revoked)": {}}}"#,
            #"{"jti": "j", "events": {"\#(revoked)": {"subject": {"format": "phone_number", "phone_number": "+1"}}}}"#,
            #"{"jti": "j", "events": {"\#(revoked)": {"subject": {"format": "iss_sub", "iss": "https://o", "sub": "s"}}}}"#,
            #"{"jti": "j", "events": {"\#(revoked)": {"subject": {"format": "email", "email": "a@b@c"}}}}"#,
        ])
    func refusals(text: String) throws {
        let claims = try json(text)
        #expect(throws: SecurityEventRefusal.self) {
            try SecurityEvents.read(claims, issuer: "https://i", now: now)
        }
    }
}
