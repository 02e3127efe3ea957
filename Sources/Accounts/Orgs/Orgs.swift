public import Base

/// Makes and changes orgs: what is asked is checked here, who may is decided by row security. One a loop.
public final class Orgs {
    private let store: any OrgStore
    private let randomness: Randomness
    private let clock: Clock

    /// Puts the workflow together.
    public init(store: any OrgStore, clock: Clock, randomness: Randomness = .system) {
        self.store = store
        self.clock = clock
        self.randomness = randomness
    }

    /// Makes an org. A slug that is not given is made from the name, and another one when that is taken.
    ///
    /// - Throws: `validation_failed` naming the field; `conflict` for a given slug that is taken.
    public func create(
        _ caller: Caller, name: String, slug: String?, description: String?
    ) async throws(Problem) -> Org {
        try check(name: name, slug: slug, description: description)
        let made = Org.slug(from: name)
        let other = "\(made.prefix(54))-\(Hex.encode(randomness.bytes(4)))"
        return try await store.createOrg(
            caller, id: EntityID.make(clock), name: name, slug: slug ?? (made == Org.platformSlug ? other : made),
            otherSlug: slug == nil ? other : nil, description: description)
    }

    /// Changes what is named.
    public func update(
        _ caller: Caller, _ id: EntityID, name: String?, slug: String?, description: FieldChange<String>,
        inviteLinks: Bool? = nil, expected: Timestamp? = nil
    ) async throws(Problem) -> Org {
        try check(name: name, slug: slug, description: description.value)
        return try await store.updateOrg(
            caller, id, name: name, slug: slug, description: description, inviteLinks: inviteLinks, expected: expected)
    }

    private func check(name: String?, slug: String?, description: String?) throws(Problem) {
        var fields: [Problem.Field] = []
        if let name, !(1...Org.maximumName).contains(name.unicodeScalars.count) || name.unicodeScalars.contains("\0") {
            fields.append(Problem.Field("name", "must have 1 to \(Org.maximumName) characters"))
        } else if let name, name.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
            fields.append(Problem.Field("name", "must not be blank"))
        }
        if let slug, !Org.isSlug(slug) {
            fields.append(Problem.Field("slug", "must be 1 to 63 of a–z, 0–9 and -, without - at either end"))
        }
        if let description,
            description.unicodeScalars.count > Org.maximumDescription || description.unicodeScalars.contains("\0")
        {
            fields.append(Problem.Field("description", "must have at most \(Org.maximumDescription) characters"))
        }
        if !fields.isEmpty { throw Problem(.validationFailed, "Some fields are not acceptable.", details: fields) }
    }
}
