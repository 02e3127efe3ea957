internal import Base
internal import Synchronization

/// A public key of an issuer, parsed once and shared by all loops.
public final class VerificationKey: Sendable {
    /// The key's id, where it has one.
    public let id: String?
    /// The only algorithm that the key may be used with, where the key set says so.
    public let algorithm: Algorithm?

    let material: PublicKeyMaterial
    let handle: PublicKeyHandle
    /// Tells this object from every other of the process, also from one that once had its address.
    let serial: UInt64

    /// - Throws: ``KeyRefusal/invalid`` when the library refuses the numbers.
    init(id: String?, algorithm: Algorithm?, material: PublicKeyMaterial) throws(KeyRefusal) {
        guard let handle = PublicKeyHandle(material) else { throw .invalid }
        self.id = id
        self.algorithm = algorithm
        self.material = material
        self.handle = handle
        serial = VerificationKey.lastSerial.add(1, ordering: .relaxed).newValue
    }

    private static let lastSerial = Atomic<UInt64>(0)

    /// Whether this is the key's id, letter by letter.
    func isNamed(_ id: String) -> Bool { self.id?.isSame(as: id) == true }

    /// Whether type, curve and the key's own `alg` allow the algorithm.
    ///
    /// The choice hangs on the key; the token's header only proposes (RFC 8725 §3.1).
    public func fits(_ algorithm: Algorithm) -> Bool {
        material.family == algorithm.family && (self.algorithm ?? algorithm) == algorithm
    }
}

extension VerificationKey: Equatable {
    /// The same numbers under the same id for the same algorithm.
    public static func == (left: VerificationKey, right: VerificationKey) -> Bool {
        left === right
            || (left.id == right.id && left.algorithm == right.algorithm && left.material == right.material)
    }
}
