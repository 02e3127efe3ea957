/// Entity tags of resources (RFC 7644 §3.14): weak, for they tell what changed and not how it is written.
public enum SCIMVersion {
    static func tag(_ state: [UInt8]) -> String {
        // FNV-1a: a tag only has to differ where the state does; nobody gains by making two the same for themselves.
        let hash = state.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return "W/\"\(String(hash, radix: 16))\""
    }

    /// Whether a list of tags, as `If-Match` and `If-None-Match` have it, names this one or any. Compared weakly: the
    /// RFC's own examples send weak tags in `If-Match`.
    public static func matches(_ list: [String], _ tag: String) -> Bool {
        func bare(_ tag: some StringProtocol) -> String {
            let words = String(tag.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            return words.hasPrefix("W/") ? String(words.dropFirst(2)) : words
        }
        return list.flatMap { $0.split(separator: ",") }.contains { bare($0) == "*" || bare($0) == bare(tag) }
    }
}
