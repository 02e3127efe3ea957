internal import Base

/// Reads the active organization from a Clerk session token.
enum ClerkOrganization {
    /// As many permissions as a token of 16 KiB could spell out by bitmaps would be thousands; no organization has them.
    static let largestPermissionCount = 1000

    static func read(
        _ claims: JSON, _ record: inout some CheckRecorder
    ) throws(VerificationStop) -> Organization? {
        let o = claims["o"]
        if let o, !o.isNull { return try readVersion2(o, features: claims["fea"]?.string ?? "", &record) }
        guard let id = try record.text("org_id", claims["org_id"]), !id.isEmpty else { return nil }
        return Organization(
            id: id, slug: try record.text("org_slug", claims["org_slug"]),
            role: try record.text("org_role", claims["org_role"]).map(withoutPrefix),
            permissions: claims["org_permissions"]?.strings ?? [])
    }

    private static func readVersion2(
        _ o: JSON, features: String, _ record: inout some CheckRecorder
    ) throws(VerificationStop) -> Organization {
        try record.require(.claimForm, o.kind == .object, expected: "o an object", actual: Optional(o).words)
        let id = try record.require(
            .claimForm, o["id"]?.identifier, expected: "o.id a string of 1 to 255 bytes", actual: o["id"].words)
        return Organization(
            id: id, slug: try record.text("o.slg", o["slg"]),
            role: try record.text("o.rol", o["rol"]).map(withoutPrefix),
            permissions: permissions(features: features, names: o["per"]?.string ?? "", bitmaps: o["fpm"]?.string ?? "")
        )
    }

    /// Version 1 writes `org:admin`, version 2 `admin`.
    private static func withoutPrefix(_ role: String) -> String {
        role.hasPrefix("org:") ? String(role.dropFirst(4)) : role
    }

    /// `fpm` has one number for each feature of the organization, in their order in `fea`; bit i of it, counted from the
    /// lowest, grants the i-th permission of `per`.
    ///
    /// Features of the user alone (`u:`) don't count; `uo:` is both. A number that is none, or without feature, grants
    /// nothing; so does a bit without permission.
    static func permissions(features: String, names: String, bitmaps: String) -> [String] {
        let organizationFeatures = list(features).compactMap { feature -> Substring? in
            guard let colon = feature.firstIndex(of: ":"), feature[..<colon].contains("o") else { return nil }
            let name = feature[feature.index(after: colon)...]
            return name.isEmpty ? nil : name
        }
        let permissions = list(names)
        var granted: [String] = []
        for (feature, number) in zip(organizationFeatures, list(bitmaps)) {
            guard let bits = UInt64(number) else { continue }
            for (bit, permission) in permissions.prefix(64).enumerated()
            where bits >> UInt64(bit) & 1 == 1 && !permission.isEmpty {
                guard granted.count < largestPermissionCount else { return granted }
                granted.append("org:\(feature):\(permission)")
            }
        }
        return granted
    }

    /// Empty entries keep their places, because places are what counts.
    private static func list(_ text: String) -> [Substring] {
        if text.isEmpty { return [] }
        return text.split(separator: ",", omittingEmptySubsequences: false).map { entry in
            entry.drop { $0 == " " }.trimmedEnd
        }
    }
}

extension Substring {
    fileprivate var trimmedEnd: Substring {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
