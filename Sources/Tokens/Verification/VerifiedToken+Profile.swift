public import Base

/// The claims about a person that only a first login or a change of names reads.
public struct PersonClaims: Sendable, Equatable {
    /// `given_name`.
    public let givenName: String?
    /// `family_name`.
    public let familyName: String?
    /// `name`.
    public let name: String?
    /// `picture`, where it is an https URL.
    public let picture: String?

    /// Reads the OpenID Connect Core §5.1 names; what is no string, empty, over 256 bytes (2,048 for the picture)
    /// or has control characters counts as absent.
    public init(_ claims: JSON) {
        givenName = PersonClaims.text(claims["given_name"] ?? claims["first_name"], limit: 256)
        familyName = PersonClaims.text(claims["family_name"] ?? claims["last_name"], limit: 256)
        name = PersonClaims.text(claims["name"] ?? claims["full_name"], limit: 256)
        let picture = PersonClaims.text(claims["picture"] ?? claims["image_url"], limit: 2048)
        self.picture = picture.flatMap { $0.hasPrefix("https://") ? $0 : nil }
    }

    private static func text(_ value: JSON?, limit: Int) -> String? {
        guard let text = value?.string, !text.isEmpty, text.utf8.count <= limit, !text.hasControlCharacters
        else { return nil }
        return text
    }
}

extension VerifiedToken {
    /// What the token says about the person. Read anew each time.
    public var person: PersonClaims { PersonClaims(claims) }
    /// `given_name`; see ``person``.
    public var givenName: String? { person.givenName }
    /// `family_name`; see ``person``.
    public var familyName: String? { person.familyName }
    /// `name`; see ``person``.
    public var name: String? { person.name }
    /// `picture`; see ``person``.
    public var picture: String? { person.picture }

    /// `jti`: the token's own id. Read anew each time.
    public var tokenID: String? { claims["jti"]?.string }
    /// `sub` of `act`: who acts in the subject's place (Clerk's impersonation, RFC 8693 §4.1). Read anew each time.
    public var actor: String? { claims["act"]?["sub"]?.string }
}

extension String {
    /// Whether C0 or C1 control characters or DEL occur, which no name, id or address has.
    var hasControlCharacters: Bool {
        guard isSuspect else { return false }
        var isAfterC2 = false
        for byte in utf8 {
            if byte < 0x20 || byte == 0x7f || (isAfterC2 && byte < 0xa0) { return true }
            isAfterC2 = byte == 0xc2
        }
        return false
    }

    /// Whether a byte occurs that a control character could be made of. Without a way out in between, so that many bytes
    /// are looked at together.
    private var isSuspect: Bool {
        var text = self
        return text.withUTF8 { bytes in
            var suspects: UInt8 = 0
            for index in bytes.indices {
                let byte = unsafe bytes[index]
                suspects |= byte < 0x20 || byte == 0x7f || byte == 0xc2 ? 1 : 0
            }
            return suspects != 0
        }
    }
}
