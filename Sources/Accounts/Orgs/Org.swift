public import Base

/// A tenant.
public struct Org: Sendable, Equatable {
    /// The longest name, in characters.
    public static let maximumName = 200
    /// The slug of the org of the platform's administrators, which the first platform owner joins; the database keeps
    /// others from taking it.
    public static let platformSlug = "platform-admin"
    /// The longest description, in characters.
    public static let maximumDescription = 2000

    /// The org's id.
    public let id: EntityID
    /// The name, for people.
    public let name: String
    /// The short name: 1 to 63 of `a–z 0–9 -`, no `-` at either end; unique on the platform.
    public let slug: String
    /// What the org says about itself.
    public let description: String?
    /// Who made it.
    public let ownerID: EntityID?
    /// False when an administrator of the platform has closed it.
    public let isActive: Bool
    /// Whether its invites may have links, which let in whoever holds them.
    public let allowsInviteLinks: Bool
    /// When it was made.
    public let createdAt: Timestamp
    /// When it was changed last.
    public let updatedAt: Timestamp

    /// Describes an org.
    public init(
        id: EntityID, name: String, slug: String, description: String?, ownerID: EntityID?, isActive: Bool,
        allowsInviteLinks: Bool = false, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.slug = slug
        self.description = description
        self.ownerID = ownerID
        self.isActive = isActive
        self.allowsInviteLinks = allowsInviteLinks
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// Whether the text can be a slug.
    public static func isSlug(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count) && text.first != "-" && text.last != "-"
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }

    /// A slug made from a name: letters and digits of ASCII in lower case, everything else one `-`; `org` when nothing
    /// is left.
    public static func slug(from name: String) -> String {
        var slug = ""
        for byte in name.lowercased().utf8 where slug.utf8.count < 63 {
            let character = Character(Unicode.Scalar(byte))
            if isSlug(String(character)) {
                slug.append(character)
            } else if !slug.isEmpty, slug.last != "-" {
                slug.append("-")
            }
        }
        while slug.last == "-" { slug.removeLast() }
        return slug.isEmpty ? "org" : slug
    }
}
