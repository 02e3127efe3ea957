#if DEBUG || FUZZING

    internal import Base

    @testable import Tokens

    /// The claims readers behind a good signature, against jansson's reading of the same claims.
    enum ClaimChecks {
        /// The first byte chooses provider, class and purpose; the rest is the claims besides `exp`.
        static func check(_ input: [UInt8]) {
            guard let choice = input.first, input.count < 8000 else { return }
            let policies = unsafe FuzzTrust.shared.policies
            let policy = policies[Int(choice) % policies.count]
            let purpose = choice & 0x40 == 0 ? TokenPurpose.caller : .identity
            let text = Array("{\"exp\":1750000060".utf8) + input.dropFirst() + [0x7D]
            guard let claims = TokenHeader.object(text) else { return }
            guard let token = read(claims, typed: choice & 0x80 != 0, purpose, policy, text) else { return }
            inspect(token, policy)
            guard !text.contains(0), !claims.isBeyondJansson else { return }
            guard let theirs = Jansson(text) else { preconditionFailure("only we read it") }
            compare(token, theirs)
        }

        /// As the verifier reads, without the signature, once silently and once noting every check.
        private static func read(
            _ claims: JSON, typed: Bool, _ purpose: TokenPurpose, _ policy: IssuerPolicy, _ text: [UInt8]
        ) -> VerifiedToken? {
            let issuer = TrustedIssuer(policy: policy, keys: nil)
            let found = policy.provider.classify(claims, typedAccess: typed, purpose: purpose, issuer: issuer)
            guard case .accepted(let tokenClass) = found else { return nil }
            func run(_ record: inout some CheckRecorder) throws(VerificationStop) -> VerifiedClaims {
                let times = try TokenTimes(claims, mustExpire: true, now: FuzzTrust.now, skew: 60, &record)
                return try ClaimReader.read(claims, tokenClass, times, purpose: purpose, issuer: issuer, &record)
            }
            var silent = NoRecord()
            var full = FullRecord()
            let verified = try? run(&silent)
            let examined = try? run(&full)
            precondition(
                (verified != nil) == (examined != nil && full.firstRejection == nil), "the examination differs")
            guard let verified else { return nil }
            return VerifiedToken(verified, trusted: issuer, payload: text)
        }

        private static func inspect(_ token: VerifiedToken, _ policy: IssuerPolicy) {
            for text in [token.subject, token.claimedSubject] {
                precondition(!text.isEmpty && text.utf8.count <= 255 && !text.hasControlCharacters, "subject")
            }
            precondition(token.recheck(now: FuzzTrust.now, skew: 60) == nil, "refused a moment later")
            for text in [token.sessionID, token.clientID, token.acr].compactMap(\.self) {
                precondition(text.utf8.count <= 255 && !text.hasControlCharacters, "claim")
            }
            precondition((token.organization?.permissions.count ?? 0) <= 8000, "permissions")
            precondition(token.footprint > 0 && token.claims["exp"] != nil, "claims")
            _ = (token.person, token.actor, token.tokenID)
        }

        /// What an accepted token says is what its claims say in another's reading.
        private static func compare(_ token: VerifiedToken, _ theirs: borrowing Jansson) {
            precondition(theirs.text("sub") == Array(token.claimedSubject.utf8), "another subject")
            precondition((theirs.number("exp") ?? 0) > 1_749_999_940, "expired")
            for name in ["nbf", "iat"] where theirs.has(name) {
                guard let moment = theirs.number(name) else { preconditionFailure("\(name) is no number") }
                precondition(moment <= 1_750_000_061, "\(name) in the future")
            }
            switch token.provider {
            case .okta:
                let id = token.tokenClass == .access ? theirs.text("uid") ?? theirs.text("sub") : theirs.text("sub")
                precondition(id == Array(token.subject.utf8), "another id")
            case .clerk:
                precondition(token.subject.hasPrefix("user_") && token.sessionID?.isEmpty == false, "no session")
                precondition(theirs.text("azp") == Array("https://p".utf8), "another party")
                if let status = theirs.text("sts") { precondition(status == Array("active".utf8), "pending") }
            case .oidc: precondition(token.subject == token.claimedSubject, "another id")
            }
            if token.emailVerified == true, let text = theirs.text("email_verified") {
                precondition(text == Array("true".utf8), "verified by another word")
            }
        }
    }

#endif
