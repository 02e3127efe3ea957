/// The watched descriptors, by number: a descriptor is a small integer, so that an array finds it at once.
struct WatchTable {
    struct Entry {
        let source: any EventSource
        let generation: UInt32
        var isExclusive: Bool

        /// What the kernel gives back with an event: the generation tells a descriptor from one of the same number
        /// that was closed before.
        func data(_ descriptor: Int32) -> UInt64 {
            UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
        }
    }

    private var entries: [Entry?] = []

    subscript(_ descriptor: Int32) -> Entry? {
        get {
            let position = Int(descriptor)
            return entries.indices.contains(position) ? entries[position] : nil
        }
        set {
            let position = Int(descriptor)
            guard position >= 0 else { return }
            if position >= entries.count {
                if newValue == nil { return }
                entries.append(contentsOf: repeatElement(nil, count: max(64, position + 1) * 2 - entries.count))
            }
            entries[position] = newValue
        }
    }

    mutating func removeAll() {
        entries.removeAll()
    }
}
