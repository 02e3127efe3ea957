#if DEBUG || FUZZING

    internal import Base
    internal import COpenSSL

    @testable import Tokens

    /// The gate against the peers, and the whole verifier: nobody can sign for keys that nobody has.
    enum TokenChecks {
        private static let purposes: [TokenPurpose] = [.caller, .identity, .securityEvent(audiences: ["a"])]

        /// A token as it is, or where the input has two NULs, its three parts before their encoding.
        static func check(_ input: [UInt8]) {
            let parts = input.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
            let token =
                parts.count == 3
                ? Array(parts.map { Base64URL.encode(Array($0)) }.joined(separator: ".").utf8) : input
            let purpose = purposes[token.count % purposes.count]
            precondition(!isAccepted(token, purpose), "accepted without a signature")
            compare(token)
        }

        private static func isAccepted(_ token: [UInt8], _ purpose: TokenPurpose) -> Bool {
            let verifier = unsafe FuzzTrust.shared.verifier
            let trust = unsafe FuzzTrust.shared.store
            let verdict = verifier.verify(token.span, as: purpose, trust: trust, now: FuzzTrust.now)
            let examined = verifier.examine(token.span, as: purpose, trust: trust, now: FuzzTrust.now).verdict
            precondition(name(verdict) == name(examined), "the examination differs")
            if case .verified = verdict { return true }
            return false
        }

        private static func name(_ verdict: Verdict) -> String {
            switch verdict {
            case .verified: "verified"
            case .rejected(let rejection): rejection.check.rawValue
            case .keyUnknown: "key unknown"
            case .keysMissing: "keys missing"
            }
        }

        /// What the gate lets through, OpenSSL decodes to the same bytes and jansson reads as the same objects.
        private static func compare(_ token: [UInt8]) {
            var record = NoRecord()
            guard let compact = try? CompactToken(token.span, &record),
                let parts = try? compact.decode(token.span, withHeader: true, &record),
                let header = try? TokenHeader(parts.header, .caller, &record),
                let claims = TokenHeader.object(parts.payload)
            else { return }
            let texts = token.split(separator: 0x2E, omittingEmptySubsequences: false)
            precondition(texts.count == 3 && token.count <= 16_384, "not three parts")
            for (text, ours) in zip(texts, [parts.header, parts.payload, parts.signature]) {
                precondition(openSSL(text) == ours, "OpenSSL decodes it differently")
            }
            guard !parts.header.contains(0), !parts.payload.contains(0), !claims.isBeyondJansson,
                let ours = try? JSON.parse(parts.header), !ours.isBeyondJansson
            else { return }
            guard let head = Jansson(parts.header), let body = Jansson(parts.payload) else {
                preconditionFailure("only we read it")
            }
            precondition(head.isObject && head.equals(ours) && body.isObject && body.equals(claims), "other values")
            precondition(head.text("alg") == Array(header.algorithm.rawValue.utf8), "another alg")
            precondition(!head.has("crit"), "crit")
            precondition(head.text("kid") == header.keyID.map { Array($0.utf8) }, "another kid")
        }

        /// A part as OpenSSL decodes it, which wants the other alphabet and padding; nil for anything foreign.
        private static func openSSL(_ text: ArraySlice<UInt8>) -> [UInt8]? {
            let plain = text.map { $0 == 0x2D ? 0x2B : $0 == 0x5F ? 0x2F : $0 }
            let padding = (4 - plain.count % 4) % 4
            guard padding < 3 else { return nil }
            let padded = plain + [UInt8](repeating: 0x3D, count: padding)
            var bytes = [UInt8](repeating: 0, count: padded.count)
            let count = unsafe EVP_DecodeBlock(&bytes, padded, Int32(padded.count))
            guard count >= padding else { return nil }
            return Array(bytes[..<(Int(count) - padding)])
        }
    }

#endif
