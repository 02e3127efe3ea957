/// The rules compiled: for each host a tree of path segments, in which the first rule that matches is found in a
/// time that depends on the path and not on how many rules there are.
struct RouteMatcher: Sendable {
    private struct Node {
        var literals = SegmentTable()
        var any: Int?
        /// Rules whose pattern ends here.
        var ends = MethodTable()
        /// Rules whose pattern goes on with `**` from here.
        var rests = MethodTable()
        /// The first rule anywhere below, so that a branch that can't win is not walked.
        var first = Int.max
    }

    private var nodes: [Node] = []
    private var hosts: [String: Int] = [:]
    private let anyHost: Int

    init(_ rules: [RouteRule]) {
        nodes = [Node()]
        anyHost = 0
        for (number, rule) in rules.enumerated() { insert(rule, number) }
    }

    /// The number of the first rule that matches; nil when none does.
    ///
    /// - Parameter host: lower case, without port.
    func match(method: String, host: String?, path: RoutePath) -> Int? {
        var best = Int.max
        walk(anyHost, 0, method, path, &best)
        if let host, let root = hosts[host] { walk(root, 0, method, path, &best) }
        return best == .max ? nil : best
    }

    private func walk(_ number: Int, _ depth: Int, _ method: String, _ path: RoutePath, _ best: inout Int) {
        let node = nodes[number]
        guard node.first < best else { return }
        if let rule = node.rests.first(method), rule < best { best = rule }
        guard depth < path.segments.count else {
            if let rule = node.ends.first(method), rule < best { best = rule }
            return
        }
        if let child = node.literals.find(path.bytes[path.segments[depth]]) {
            walk(child, depth + 1, method, path, &best)
        }
        if let any = node.any { walk(any, depth + 1, method, path, &best) }
    }

    private mutating func insert(_ rule: RouteRule, _ number: Int) {
        var node = anyHost
        if let host = rule.host {
            if let known = hosts[host] {
                node = known
            } else {
                node = makeNode()
                hosts[host] = node
            }
        }
        nodes[node].first = min(nodes[node].first, number)
        for segment in rule.segments {
            let next: Int
            switch segment {
            case .literal(let bytes):
                if let child = nodes[node].literals.find(bytes[...]) {
                    next = child
                } else {
                    next = makeNode()
                    nodes[node].literals.insert(bytes, next)
                }
            case .any:
                if let child = nodes[node].any {
                    next = child
                } else {
                    next = makeNode()
                    nodes[node].any = next
                }
            case .rest:
                nodes[node].rests.insert(rule.methods, number)
                return
            }
            node = next
            nodes[node].first = min(nodes[node].first, number)
        }
        nodes[node].ends.insert(rule.methods, number)
    }

    private mutating func makeNode() -> Int {
        nodes.append(Node())
        return nodes.count - 1
    }
}

/// The first rule for each method at one place of the tree.
struct MethodTable: Sendable {
    private var anyMethod: Int?
    private var byMethod: [String: Int] = [:]

    func first(_ method: String) -> Int? {
        guard !byMethod.isEmpty, let own = byMethod[method] else { return anyMethod }
        return anyMethod.map { min($0, own) } ?? own
    }

    mutating func insert(_ methods: Set<String>?, _ number: Int) {
        guard let methods else {
            anyMethod = anyMethod ?? number
            return
        }
        for method in methods where byMethod[method] == nil { byMethod[method] = number }
    }
}

/// Numbers by text, found without making a string. Its keys come from the configuration, not from requests.
struct SegmentTable: Sendable {
    private var entries: [(key: [UInt8], value: Int)] = []
    private var buckets: [Int32] = []

    func find(_ key: ArraySlice<UInt8>) -> Int? {
        guard !buckets.isEmpty else { return nil }
        var position = Self.hash(key) & (buckets.count - 1)
        while buckets[position] >= 0 {
            let entry = entries[Int(buckets[position])]
            if entry.key.elementsEqual(key) { return entry.value }
            position = (position + 1) & (buckets.count - 1)
        }
        return nil
    }

    mutating func insert(_ key: [UInt8], _ value: Int) {
        entries.append((key, value))
        // At most half full, so that the search for a free bucket ends.
        if entries.count * 2 > buckets.count {
            buckets = Array(repeating: -1, count: max(4, buckets.count * 2))
            for number in entries.indices { place(number) }
        } else {
            place(entries.count - 1)
        }
    }

    private mutating func place(_ number: Int) {
        var position = Self.hash(entries[number].key[...]) & (buckets.count - 1)
        while buckets[position] >= 0 { position = (position + 1) & (buckets.count - 1) }
        buckets[position] = Int32(number)
    }

    /// FNV-1a.
    private static func hash(_ key: ArraySlice<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ (hash >> 32))
    }
}
