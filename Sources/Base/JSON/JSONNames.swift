/// Looks for names that stand twice in one object, however they are spelled.
struct JSONNames {
    /// Up to so many members each new name is held against the earlier ones; in wider objects all are sorted at the
    /// end.
    static let widestWalk = 32

    private let object: Int
    /// One bit for each name so far; a name whose bit is clear is new.
    private var seen: UInt64 = 0
    private var count = 0

    init(object: Int) {
        self.object = object
    }

    /// Takes the name that was just read, the last node, in.
    @inline(__always)
    mutating func add(_ nodes: [JSONNode], _ text: Span<UInt8>) throws(JSONError) {
        count += 1
        guard count <= Self.widestWalk else { return }
        let name = nodes[nodes.count - 1]
        // One name may be spelled with escapes and without: escaped ones are compared with all, and all with them.
        let bit = name.kind == .string ? Self.bit(name, text) : UInt64.max
        if seen & bit != 0 { try walk(nodes, name, text) }
        seen |= bit
    }

    /// To be asked when the object has ended.
    @inline(__always)
    func end(_ nodes: [JSONNode], _ text: Span<UInt8>) throws(JSONError) {
        if count > Self.widestWalk { try sort(nodes, text) }
    }

    /// A cheap hash of a name into one of 64 bits; it decides nothing.
    private static func bit(_ name: JSONNode, _ text: Span<UInt8>) -> UInt64 {
        let start = Int(name.start)
        let length = Int(name.end) - start
        if length == 0 { return 1 }
        let first = UInt(text[start])
        let middle = UInt(text[start + length / 2])
        let last = UInt(text[start + length - 1])
        return 1 << UInt64((first &* 7 &+ middle &* 31 &+ last &* 13 &+ UInt(bitPattern: length) &* 5) & 63)
    }

    private func walk(_ nodes: [JSONNode], _ name: JSONNode, _ text: Span<UInt8>) throws(JSONError) {
        var other = object + 1
        while other < nodes.count - 1 {
            if Self.equal(nodes[other], name, text) {
                throw JSONError(reason: .duplicate, offset: Int(name.start))
            }
            other = Int(nodes[other + 1].next)
        }
    }

    private func sort(_ nodes: [JSONNode], _ text: Span<UInt8>) throws(JSONError) {
        var names: [(hash: Int, node: Int)] = []
        names.reserveCapacity(count)
        var node = object + 1
        for _ in 0..<count {
            // Seeded by chance for each process: nobody can choose names that have one hash, which would cost the
            // square of their number.
            var hasher = Hasher()
            for byte in JSONText.bytes(nodes[node], text) { hasher.combine(byte) }
            names.append((hasher.finalize(), node))
            node = Int(nodes[node + 1].next)
        }
        names.sort { ($0.hash, $0.node) < ($1.hash, $1.node) }
        for (position, name) in names.enumerated() {
            for other in names[(position + 1)...] {
                guard other.hash == name.hash else { break }
                if Self.equal(nodes[name.node], nodes[other.node], text) {
                    throw JSONError(reason: .duplicate, offset: Int(nodes[other.node].start))
                }
            }
        }
    }

    private static func equal(_ left: JSONNode, _ right: JSONNode, _ text: Span<UInt8>) -> Bool {
        guard left.kind == .string, right.kind == .string else {
            return JSONText.bytes(left, text) == JSONText.bytes(right, text)
        }
        guard left.end - left.start == right.end - right.start else { return false }
        for offset in 0..<Int(left.end - left.start)
        where text[Int(left.start) + offset] != text[Int(right.start) + offset] {
            return false
        }
        return true
    }
}
