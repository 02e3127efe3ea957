#if DEBUG || FUZZING

    internal import Base
    internal import Tokens

    @testable import Accounts

    /// Webhooks: no signature is believed that the key did not make, the right one always is; and an event's names,
    /// moments and effects stay within their limits.
    enum WebhookChecks {
        private static let now = Timestamp(seconds: 1_750_000_000)
        private static let key = Secret((0..<32).map { UInt8($0) })
        private static let issuer = "https://issuer.example"

        /// Id, timestamp and signatures, each up to a line feed; the body is the rest.
        static func check(_ input: [UInt8]) {
            guard input.count < 4000 else { return }
            let parts = input.split(separator: 10, maxSplits: 3, omittingEmptySubsequences: false)
            let body = Array(parts.count == 4 ? parts[3] : input[...])
            if parts.count == 4 {
                let texts = parts.prefix(3).map { String(decoding: $0, as: UTF8.self) }
                verify(SvixHeaders(id: texts[0], timestamp: texts[1], signatures: texts[2]), body)
            }
            guard let json = try? JSON.parse(body) else { return }
            if let event = try? ClerkEvents.read(json, id: "msg_1", now: now) { inspect(event) }
            for event in (try? OktaEvents.readAll(json, now: now)) ?? [] { inspect(event) }
            if let event = try? SecurityEvents.read(json, issuer: issuer, now: now) {
                inspect(event)
                precondition(event.id.hasSuffix(" \(issuer)"), "an id that is another issuer's")
            }
        }

        private static func verify(_ headers: SvixHeaders, _ body: [UInt8]) {
            let verifier = SvixSignature(keys: [key])
            precondition((try? verifier.verify(headers, body, now: now)) == nil, "a signature out of nowhere")
            let message = Array("\(headers.id).\(headers.timestamp).".utf8) + body
            guard let code = MessageCodes.hmacSHA256(message, key: key) else { preconditionFailure("no code") }
            let good = SvixHeaders(
                id: headers.id, timestamp: headers.timestamp, signatures: "v1,AAAA v1,\(Base64.encode(code))")
            let isGood = (try? verifier.verify(good, body, now: now)) != nil
            let sent = Int64(headers.timestamp)
            let isTimely =
                headers.timestamp.utf8.count <= 12 && headers.timestamp.utf8.allSatisfy { (0x30...0x39).contains($0) }
                && sent.map { abs($0 - now.seconds) <= SvixSignature.tolerance } == true
            let isNamed = (1...WebhookEvent.longestName).contains(headers.id.unicodeScalars.count)
            precondition(isGood == (isTimely && isNamed), "the right signature is judged by something else")
            precondition((try? verifier.verify(good, body + [0x20], now: now)) == nil, "a body that was changed")
        }

        private static func inspect(_ event: WebhookEvent) {
            let names = [event.id, event.type, event.subject].compactMap(\.self)
            precondition(names.allSatisfy { $0.unicodeScalars.count <= WebhookEvent.longestName }, "a long name")
            precondition(!event.id.isEmpty && (try? JSON.parse(event.payload)) != nil, "id and payload")
            let latest = now.advanced(bySeconds: 300)
            precondition(event.occurredAt <= latest, "from the future")
            for effect in event.effects {
                switch effect {
                case .person(let subject, _, let moment), .names(let subject, _, let moment):
                    precondition(!subject.isEmpty && moment <= latest, "a person")
                case .standing(let subject, _, let moment), .endSessions(let subject, let moment):
                    precondition(!subject.text.isEmpty && moment <= latest, "a standing")
                case .endSession(let id, let moment): precondition(!id.isEmpty && moment <= latest, "a session")
                case .membership(let subject, _, _, let moment):
                    precondition(!subject.isEmpty && moment <= latest, "a membership")
                }
            }
        }
    }

#endif
