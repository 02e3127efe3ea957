internal import Base

/// Somebody for whom a token was made. Everything follows from the e-mail, so that the same e-mail is the same person.
struct Person {
    let email: String
    /// What the issuer says of the e-mail; nil leaves the claim out.
    let emailVerified: Bool?
    /// The stable id where the caller chose one.
    let chosenSubject: String?

    /// The issuer's stable id of the person.
    func subject(at issuer: Issuer) -> String {
        if let chosenSubject { return chosenSubject }
        let digest = Digest.sha256("\(issuer.rawValue):\(email.lowercased())")
        return switch issuer {
        case .okta, .oktaOrg: "00u" + Self.letters(Digest.sha256("okta:\(email.lowercased())"), 17)
        case .clerk: "user_" + Self.letters(digest, 27)
        case .oidc: Hex.encode(digest.prefix(16))
        }
    }

    /// A given and a family name made of the e-mail's local part.
    var names: (given: String, family: String) {
        let local = email.prefix { $0 != "@" && $0 != "+" }
        let parts = local.split { ".-_".contains($0) }.map { $0.prefix(1).uppercased() + $0.dropFirst() }
        return (parts.first ?? "Somebody", parts.count > 1 ? parts.dropFirst().joined(separator: " ") : "Example")
    }

    var fullName: String { names.given + " " + names.family }

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// So many letters and digits that follow from the digest.
    static func letters(_ digest: [UInt8], _ count: Int) -> String {
        String(decoding: digest.prefix(count).map { alphabet[Int($0) % alphabet.count] }, as: UTF8.self)
    }
}
