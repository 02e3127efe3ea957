extension VerifiedToken {
    /// How many bytes of memory the token takes in a cache, estimated from above: its payload, the object, what its
    /// strings and arrays keep on the heap, and the cache's own entry.
    var footprint: Int {
        let object = 272
        let entry = 128
        let texts = [
            subject, claimedSubject == subject ? "" : claimedSubject, clientID, sessionID,
            email == claimedSubject ? "" : email, acr,
        ]
        var sum = object + entry + CacheCost.block(payload.count)
        for text in texts { sum += CacheCost.string(text ?? "") }
        for list in [groups, scopes, amr, organization?.permissions ?? []] { sum += CacheCost.list(list) }
        for text in [organization?.id, organization?.slug, organization?.role] { sum += CacheCost.string(text ?? "") }
        return sum
    }
}

/// What the runtime allocates for values of different lengths.
private enum CacheCost {
    /// An array's or string's storage: 32 bytes of its own, in steps of 16.
    static func block(_ bytes: Int) -> Int { (bytes + 32 + 8 + 15) / 16 * 16 }

    /// Up to 15 bytes a string needs no storage.
    static func string(_ text: String) -> Int { text.utf8.count <= 15 ? 0 : block(text.utf8.count) }

    static func list(_ texts: [String]) -> Int {
        texts.isEmpty ? 0 : texts.reduce(block(16 * texts.count)) { $0 + string($1) }
    }
}
