internal import Base

/// The key rings of all issuers. A ring is made when it is first asked for, because RSA keys take a while; with a
/// file, it is written there.
final class KeyStore {
    private var rings: [Issuer: KeyRing] = [:]
    private let file: String?

    /// Reads the file, where it exists.
    init(file: String?) throws(DevIdPError) {
        self.file = file
        guard let file, let text = try KeysFile.read(file) else { return }
        do {
            let document = try JSON.parse(text)
            for issuer in Issuer.allCases {
                let stored = try (document[issuer.rawValue]?.elements ?? []).map { entry in
                    guard let kind = entry["alg"]?.string.flatMap(SigningKey.Kind.init), let pem = entry["pem"]?.string
                    else { throw DevIdPError("\(file): an entry has no alg or no pem") }
                    return try SigningKey(kind, privatePEM: Array(pem.utf8))
                }
                if !stored.isEmpty { rings[issuer] = try KeyRing(stored: stored) }
            }
        } catch {
            throw DevIdPError("\(file) is no file of keys (\(error)); delete it, and new keys are made")
        }
    }

    /// The ring of the issuer.
    func ring(of issuer: Issuer) throws(DevIdPError) -> KeyRing {
        if let ring = rings[issuer] { return ring }
        let ring = try KeyRing()
        rings[issuer] = ring
        try save()
        return ring
    }

    /// Gives the issuer new keys.
    func rotate(_ issuer: Issuer, keepsFormer: Bool) throws(DevIdPError) {
        var ring = try ring(of: issuer)
        try ring.rotate(keepsFormer: keepsFormer)
        rings[issuer] = ring
        try save()
    }

    private func save() throws(DevIdPError) {
        guard let file else { return }
        let text = JSONWriter.object { writer in
            for issuer in Issuer.allCases {
                guard let ring = rings[issuer] else { continue }
                writer.key(issuer.rawValue)
                writer.beginArray()
                for key in ring.published {
                    writer.object { writer in
                        writer.member("alg", key.kind.rawValue)
                        writer.member("pem", String(decoding: key.privatePEM, as: UTF8.self))
                    }
                }
                writer.endArray()
            }
        }
        try KeysFile.write(text, to: file)
    }
}
