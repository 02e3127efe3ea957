internal import Accounts
internal import Base
internal import HTTP

/// The questions of a request: one, or under `checks` several.
struct PermissionChecks {
    /// So many may be asked at once.
    static let maximum = 1000

    private(set) var all: [PermissionCheck] = []
    let isBatch: Bool

    /// Reads the body.
    ///
    /// - Throws: 400 with every field that is wrong; of several questions as `checks.0.permission`.
    init(_ request: Request) throws(Problem) {
        var body = try Body(request)
        isBatch = body.has("checks")
        guard isBatch else {
            let user = body.requiredID("user_id")
            let permission = body.permission("permission")
            let tenant = body.id("tenant_id")
            let resource = body.text("resource_id", max: ModuleAction.maximumText)
            try body.finish()
            guard let user, let permission else { throw Problem(.validationFailed, "The question is incomplete.") }
            all = [PermissionCheck(userID: user, permission: permission, tenantID: tenant, resourceID: resource)]
            return
        }
        let elements = body.value("checks")?.elements
        if elements.map({ $0.count > Self.maximum }) ?? true {
            body.complain("checks", "must be a list of at most \(Self.maximum) questions")
        } else {
            for (place, element) in (elements ?? []).enumerated() {
                if let check = Self.check(element, "checks.\(place)", &body) { all.append(check) }
            }
        }
        try body.finish()
    }

    private static func check(_ element: JSON, _ place: String, _ body: inout Body) -> PermissionCheck? {
        let names = ["user_id", "permission", "tenant_id", "resource_id"]
        guard let members = element.members else {
            body.complain(place, "must be an object")
            return nil
        }
        for member in members where !names.contains(member.name) {
            body.complain("\(place).\(member.name.prefix(100))", "is no known field")
        }
        func text(_ name: String) -> String? { element[name].flatMap { $0.isNull ? nil : $0.string ?? "" } }
        let user = text("user_id").flatMap { EntityID($0) }
        if user == nil { body.complain("\(place).user_id", "must be a UUID") }
        let permission = text("permission").flatMap { Permission($0) }
        if permission == nil { body.complain("\(place).permission", Permission.form) }
        let tenant = text("tenant_id").map { EntityID($0) }
        if case .some(nil) = tenant { body.complain("\(place).tenant_id", "must be a UUID") }
        let resource = text("resource_id")
        if let value = element["resource_id"], !value.isNull, value.string == nil {
            body.complain("\(place).resource_id", "must be a text")
        }
        if let resource, resource.unicodeScalars.count > ModuleAction.maximumText {
            body.complain("\(place).resource_id", "must have at most \(ModuleAction.maximumText) characters")
        }
        guard let user, let permission else { return nil }
        return PermissionCheck(userID: user, permission: permission, tenantID: tenant ?? nil, resourceID: resource)
    }
}

extension Permission {
    /// What somebody is told whose text is no permission.
    static let form = "must be two to four segments such as resource:action or module:resource:action; * is any one"
}

extension Body {
    /// A permission that must be there.
    mutating func permission(_ name: String) -> Permission? {
        guard let value = value(name) else {
            complain(name, "is required")
            return nil
        }
        let permission = value.string.flatMap { Permission($0) }
        if permission == nil { complain(name, Permission.form) }
        return permission
    }
}
