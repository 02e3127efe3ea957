internal import Accounts
internal import Base

extension Body {
    /// The code of a role of one's own; nil where it is absent or null.
    mutating func roleCode(_ name: String) -> String? {
        guard value(name) != nil, let code = text(name) else { return nil }
        if !Role.mayBeCode(code) {
            complain(name, "must be 1 to 63 of a–z, 0–9, _ and -, and no role of the platform's own such as org_admin")
        }
        return code
    }

    /// A list of permissions to be kept; nil where it is absent or null.
    mutating func permissions(_ name: String) -> [Permission]? {
        guard let value = value(name) else { return nil }
        guard let elements = value.elements, elements.count <= Role.maximumCount else {
            complain(name, "must be a list of at most \(Role.maximumCount) permissions")
            return nil
        }
        var permissions: [Permission] = []
        for (place, element) in elements.enumerated() {
            if let permission = element.string.flatMap({ Permission($0) }), permission.mayBeKept {
                permissions.append(permission)
            } else {
                complain("\(name).\(place)", Permission.form + "; a–z, 0–9, _ and -")
            }
        }
        return permissions
    }

    /// A list of codes; empty where it is absent.
    mutating func codes(_ name: String) -> [String] {
        guard let elements = value(name)?.elements, elements.count <= Role.maximumCount else {
            complain(name, "must be a list of at most \(Role.maximumCount) codes of roles")
            return []
        }
        let codes = elements.compactMap(\.string)
        if codes.count < elements.count { complain(name, "must hold texts only") }
        return codes
    }
}

extension Permission {
    /// Whether roles may have it: those are written in small letters, so that no two differ by case alone.
    fileprivate var mayBeKept: Bool {
        description.utf8.allSatisfy { byte in
            byte != UInt8(ascii: ".") && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        }
    }
}
