internal import Base

/// The keys of one issuer (RFC 7517 §5), read once and never changed.
public struct KeySet: Sendable {
    /// A key that is not used, and why.
    public struct Skipped: Sendable, Hashable {
        /// Its place in the set, from 0.
        public let index: Int
        /// Its id, where it could be read.
        public let id: String?
        /// Why it is not used.
        public let reason: KeyRefusal
    }

    /// The largest key set that is read, in bytes.
    public static let largestSize = 262_144
    /// The largest number of keys in a set, usable or not.
    public static let largestCount = 100
    /// How many different usable keys may have the same id: each may cost a signature check.
    public static let largestSameID = 4

    /// The keys that can be used, in the set's order.
    public let keys: [VerificationKey]
    /// The keys that can't.
    public let skipped: [Skipped]
    private let byID: [String: [VerificationKey]]

    /// Reads a key set.
    ///
    /// A key that can't be used is skipped with its reason. Members that are not known are ignored (RFC 7517 §5).
    ///
    /// - Throws: ``KeySetError`` when it is too large, no key set, or has no key that can be used.
    public init(parsing bytes: [UInt8]) throws(KeySetError) {
        guard bytes.count <= KeySet.largestSize else { throw .tooLarge(bytes: bytes.count) }
        let document: JSON
        do { document = try JSON.parse(bytes) } catch { throw .notJSON("\(error)") }
        guard let entries = document["keys"]?.elements else { throw .notAKeySet }
        guard entries.count <= KeySet.largestCount else { throw .tooManyKeys(entries.count) }

        var keys: [VerificationKey] = []
        var skipped: [Skipped] = []
        for (index, entry) in entries.enumerated() {
            do throws(KeyRefusal) {
                let key = try JWKReader.read(entry)
                // The same key twice is one key.
                if keys.contains(key) { continue }
                if key.id != nil, keys.count(where: { $0.id == key.id }) >= KeySet.largestSameID { throw .crowdedID }
                keys.append(key)
            } catch {
                let id = entry.kind == .object ? try? JWKReader.readID(entry) : nil
                skipped.append(Skipped(index: index, id: id, reason: error))
            }
        }
        guard !keys.isEmpty else { throw .noUsableKey(skipped) }
        self.init(keys: keys, skipped: skipped)
    }

    private init(keys: [VerificationKey], skipped: [Skipped]) {
        self.keys = keys
        self.skipped = skipped
        byID = Dictionary(grouping: keys.filter { $0.id != nil }, by: { $0.id ?? "" })
    }

    /// The usable keys with this id.
    func keys(withID id: String) -> [VerificationKey] {
        let found = byID[id] ?? []
        return found.allSatisfy({ $0.isNamed(id) }) ? found : found.filter { $0.isNamed(id) }
    }

    /// Whether the set has a key of this id that can't be used.
    func skips(id: String) -> Bool { skipped.contains { $0.id?.isSame(as: id) == true } }

    /// The set without the keys of these ids, which are unknown from then on. It may have none left: then every token of
    /// the issuer is refused, which is what whoever took them out wants.
    public func dropping(_ ids: Set<String>) -> KeySet {
        if ids.isEmpty { return self }
        func isKept(_ id: String?) -> Bool { id.map { !ids.contains($0) } ?? true }
        return KeySet(keys: keys.filter { isKept($0.id) }, skipped: skipped.filter { isKept($0.id) })
    }
}

extension KeySet: Equatable {
    /// The same usable keys in any order, and the same unusable ids.
    public static func == (left: KeySet, right: KeySet) -> Bool {
        left.keys.count == right.keys.count && left.keys.allSatisfy(right.keys.contains)
            && Set(left.skipped.map(\.id)) == Set(right.skipped.map(\.id))
    }
}
