/// Endpoints without parameters, found by the whole path: one hash and one comparison, no text made.
struct StaticPaths {
    private var slots: [Int32]
    private var paths: [[UInt8]] = []
    private var endpoints: [Endpoint] = []

    init() {
        slots = [Int32](repeating: -1, count: 64)
    }

    mutating func insert(_ path: String) -> Endpoint {
        let bytes = Array(path.utf8)
        if let found = find(bytes.span) { return found }
        let endpoint = Endpoint(template: path, names: [])
        paths.append(bytes)
        endpoints.append(endpoint)
        if paths.count * 2 > slots.count { slots = [Int32](repeating: -1, count: slots.count * 2) }
        for slot in slots.indices { slots[slot] = -1 }
        for (index, path) in paths.enumerated() {
            var slot = Self.hash(path.span) & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(index)
        }
        return endpoint
    }

    @inline(__always) func find(_ path: Span<UInt8>) -> Endpoint? {
        var slot = Self.hash(path) & (slots.count - 1)
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            let stored = paths[index]
            if stored.span.equals(path) { return endpoints[index] }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// FNV-1a. The table is fixed at the start and at most half full, so nobody outside can make its chains long.
    @inline(__always) private static func hash(_ path: Span<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in 0..<path.count { hash = (hash ^ UInt64(path[index])) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32)
    }
}
