public import Base

extension SCIMFilter {
    /// What a filter demands that leads to few resources by an index.
    public enum Key: Sendable, Equatable {
        case id(EntityID)
        /// `userName` of a user, `displayName` of a group.
        case name(String)
        case externalID(String)
        /// A group's member.
        case member(EntityID)
        /// An id that is none: nothing has it.
        case nothing
    }

    /// A key that every resource has which the filter means; nil where there is none.
    public func key(_ type: SCIMResourceType) -> Key? {
        switch self {
        case .and(let left, let right): return left.key(type) ?? right.key(type)
        case .values(let path, let inner):
            guard type.name == SCIMResourceType.group.name, path.attribute.lowercased() == "members",
                case .compare(let part, .eq, .string(let text)) = inner, part.attribute.lowercased() == "value"
            else { return nil }
            return EntityID(text).map { .member($0) } ?? .nothing
        case .compare(let path, .eq, .string(let text)): return Self.key(path, text, type)
        default: return nil
        }
    }

    private static func key(_ path: SCIMPath, _ text: String, _ type: SCIMResourceType) -> Key? {
        let isGroup = type.name == SCIMResourceType.group.name
        switch (path.attribute.lowercased(), path.part?.lowercased()) {
        case ("id", nil): return EntityID(text).map { .id($0) } ?? .nothing
        case ("externalid", nil): return .externalID(text)
        case ("username", nil) where !isGroup, ("displayname", nil) where isGroup: return .name(text)
        case ("members", nil) where isGroup, ("members", "value") where isGroup:
            return EntityID(text).map { .member($0) } ?? .nothing
        default: return nil
        }
    }
}
