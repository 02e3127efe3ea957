internal import Accounts
internal import Base
internal import Tokens

extension JSONWriter {
    /// An issuer's keys as the member `keys`: what is used, what can't be used and why, and what was taken out.
    mutating func keys(_ set: KeySet?, without dropped: [DroppedKey]) {
        key("keys")
        beginArray()
        for key in set?.keys ?? [] {
            object { writer in
                writer.member("kid", key.id)
                writer.member("alg", key.algorithm?.rawValue)
                writer.member("status", "in_use")
            }
        }
        for skipped in set?.skipped ?? [] {
            object { writer in
                writer.member("kid", skipped.id)
                writer.member("status", "unusable")
                writer.member("reason", "\(skipped.reason)")
            }
        }
        for key in dropped {
            object { writer in
                writer.members(of: key)
                writer.member("status", "dropped")
            }
        }
        endArray()
    }

    /// The members of a key that was taken out.
    mutating func members(of key: DroppedKey) {
        member("kid", key.keyID)
        member("reason", key.reason)
        member("dropped_at", key.droppedAt)
        member("dropped_by", key.droppedBy)
    }
}
