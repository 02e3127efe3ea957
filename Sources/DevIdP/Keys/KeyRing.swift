internal import Base

/// The keys of one issuer: those that sign, and former ones that are still published.
struct KeyRing {
    private(set) var current: [SigningKey]
    private(set) var former: [SigningKey] = []

    /// Former keys beyond this are dropped.
    static let formerLimit = 8

    /// New keys, one of each kind.
    init() throws(DevIdPError) {
        current = [try SigningKey(.rs256), try SigningKey(.es256)]
    }

    /// Keys from the file: the first of each kind signs.
    init(stored: [SigningKey]) throws(DevIdPError) {
        current = []
        for kind in SigningKey.Kind.allCases {
            if let key = stored.first(where: { $0.kind == kind }) {
                current.append(key)
            } else {
                current.append(try SigningKey(kind))
            }
        }
        let signing = Set(current.map(\.id))
        former = stored.filter { !signing.contains($0.id) }
    }

    /// The keys of the published set, those that sign first.
    var published: [SigningKey] { current + former }

    /// The key that signs with this algorithm.
    func signing(_ kind: SigningKey.Kind) -> SigningKey? {
        current.first { $0.kind == kind }
    }

    /// Signs with new keys from now on.
    ///
    /// - Parameter keepsFormer: whether the former ones stay published; else tokens signed by them no longer verify.
    mutating func rotate(keepsFormer: Bool) throws(DevIdPError) {
        let next = [try SigningKey(.rs256), try SigningKey(.es256)]
        former = keepsFormer ? Array(published.prefix(Self.formerLimit)) : []
        current = next
    }
}
