/// A schema: a URN and its attributes (RFC 7643 §7).
public struct SCIMSchema: Sendable {
    /// The URN.
    public let id: String
    /// The name.
    public let name: String
    /// What it describes.
    public let description: String
    /// Its attributes.
    public let attributes: [SCIMAttribute]
    private let byName: [String: Int]

    init(_ id: String, name: String, _ description: String, _ attributes: [SCIMAttribute]) {
        self.id = id
        self.name = name
        self.description = description
        self.attributes = attributes
        byName = Dictionary(
            uniqueKeysWithValues: attributes.enumerated().map { ($0.element.name.lowercased(), $0.offset) })
    }

    /// The attribute of this name, however it is cased.
    public func attribute(_ name: String) -> SCIMAttribute? {
        byName[name.lowercased()].map { attributes[$0] }
    }
}

/// A kind of resource: where it lies and what it is made of (RFC 7643 §6).
public struct SCIMResourceType: Sendable {
    /// `User` or `Group`.
    public let name: String
    /// Where its resources lie, below the service's base.
    public let endpoint: String
    /// What it is made of.
    public let schema: SCIMSchema
    /// What may come in addition.
    public let extensions: [SCIMSchema]

    /// Users: the members of the org.
    public static let user = SCIMResourceType(
        name: "User", endpoint: "/Users", schema: .user, extensions: [.enterprise])
    /// Groups of the org.
    public static let group = SCIMResourceType(name: "Group", endpoint: "/Groups", schema: .group, extensions: [])
    /// All there are.
    public static let all = [user, group]

    /// The extension with this URN, however it is cased.
    public func `extension`(_ urn: String) -> SCIMSchema? {
        extensions.first { $0.id.lowercased() == urn.lowercased() }
    }
}
