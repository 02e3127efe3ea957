/// Looks for names that stand twice in one object, however they are spelled.
enum JSONNames {
    static func refuseDuplicates(_ nodes: [JSONNode], _ object: Int, _ text: Span<UInt8>) throws(JSONError) {
        let count = Int(nodes[object].count)
        // A hash for each name keeps wide objects from costing the square of their width.
        var seen: [UInt64] = []
        seen.reserveCapacity(count)
        var firsts: [UInt64: Int] = [:]
        var name = object + 1
        for _ in 0..<count {
            let hash = hash(nodes[name], text)
            if count > 64 {
                if let first = firsts.updateValue(name, forKey: hash), collides(nodes, first, name, object, text) {
                    throw JSONError(reason: .duplicate, offset: Int(nodes[name].start))
                }
            } else if seen.contains(hash), collides(nodes, nil, name, object, text) {
                throw JSONError(reason: .duplicate, offset: Int(nodes[name].start))
            } else {
                seen.append(hash)
            }
            name = Int(nodes[name + 1].next)
        }
    }

    /// Whether a name before this one in the object is the same text.
    private static func collides(
        _ nodes: [JSONNode], _ known: Int?, _ name: Int, _ object: Int, _ text: Span<UInt8>
    ) -> Bool {
        let wanted = JSONText.bytes(nodes[name], text)
        if let known, JSONText.bytes(nodes[known], text) == wanted { return true }
        var other = object + 1
        while other < name {
            if JSONText.bytes(nodes[other], text) == wanted { return true }
            other = Int(nodes[other + 1].next)
        }
        return false
    }

    /// FNV-1a; a collision costs a comparison and decides nothing.
    private static func hash(_ node: JSONNode, _ text: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        if node.kind == .string {
            for index in Int(node.start)..<Int(node.end) { hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01B3 }
        } else {
            for byte in JSONText.bytes(node, text) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        return hash
    }
}
