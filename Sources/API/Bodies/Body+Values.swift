internal import Accounts
internal import Base

extension Body {
    /// What a partial update does with a text that may be cleared by null.
    mutating func change(_ name: String, max limit: Int = longestText) -> FieldChange<String> {
        guard has(name) else { return .keep }
        return .set(text(name, max: limit))
    }

    /// Complains where a field is null that can't be cleared.
    mutating func refuseNull(_ name: String) {
        if has(name), value(name) == nil { complain(name, "must not be null") }
    }

    /// A role in an org; nil where it is absent or null.
    mutating func orgRole(_ name: String) -> OrgRole? {
        guard let value = value(name) else { return nil }
        let role = value.string.flatMap { OrgRole(rawValue: $0) }
        if role == nil { complain(name, "must be org_user, org_admin or org_owner") }
        return role
    }

    /// A role on the platform; nil where it is absent or null.
    mutating func globalRole(_ name: String) -> GlobalRole? {
        guard let value = value(name) else { return nil }
        let role = value.string.flatMap { GlobalRole(rawValue: $0) }
        if role == nil {
            complain(name, "must be one of \(GlobalRole.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return role
    }

    /// A moment; nil where it is absent or null.
    mutating func timestamp(_ name: String) -> Timestamp? {
        guard let value = value(name) else { return nil }
        let moment = value.string.flatMap { Timestamp(rfc3339: $0) }
        if moment == nil { complain(name, "must be a time as RFC 3339 writes it, e.g. 2030-01-31T09:05:00Z") }
        return moment
    }

    /// An id that must be there.
    mutating func requiredID(_ name: String) -> EntityID? {
        if value(name) == nil { complain(name, "is required") }
        return id(name)
    }
}

extension JSON {
    /// The whole number that it is, however it is spelled: JSON has one kind of number, and 3.0 is 3.
    var wholeNumber: Int64? { int ?? double.flatMap { Int64(exactly: $0) } }
}
