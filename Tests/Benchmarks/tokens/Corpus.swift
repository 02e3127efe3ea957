import Base
import Glibc
import Tokens

/// Tokens and keys from the test vectors: the issuer with the most keys.
struct Corpus {
    let trust: TrustStore
    private let pems: [String: String]
    private var tokens: [String: [UInt8]] = [:]

    /// Reads `Tests/Vectors/tokens/attacks.json` below the working directory.
    init() {
        guard let json = Corpus.read("Tests/Vectors/tokens/attacks.json"), let issuers = json["issuers"]?.elements,
            let okta = issuers.first, let keys = okta["keys"],
            let set = try? KeySet(parsing: Array("{\"keys\":".utf8) + keys.source + [0x7D])
        else { fatalError("run it in the package's folder") }
        let policy = IssuerPolicy(
            provider: .okta, issuer: okta["issuer"]?.string ?? "", audiences: ["api://default"], clientID: "0oaclient")
        trust = TrustStore(version: 1, generation: 1, issuers: [TrustedIssuer(policy: policy, keys: set)])
        pems = Dictionary(
            uniqueKeysWithValues: (json["pems"]?.members ?? []).map { ($0.name, $0.value.string ?? "") })
        for entry in json["cases"]?.elements ?? [] {
            let key = "\(entry["group"]?.string ?? "")/\(entry["name"]?.string ?? "")"
            tokens[key] = Array((entry["token"]?.string ?? "").utf8)
        }
    }

    func token(_ name: String, group: String = "accepted") -> [UInt8] {
        guard let token = tokens["\(group)/\(name)"] else { fatalError("no token \(group)/\(name)") }
        return token
    }

    /// A public key of the issuer.
    func pem(_ name: String) -> String {
        guard let pem = pems[name] else { fatalError("no key \(name)") }
        return pem
    }

    /// What the gate must throw out at once, whatever its size.
    var malformed: [(String, [UInt8])] {
        [
            ("no parts", Array("rubbish".utf8)),
            ("16 KiB of dots", [UInt8](repeating: 0x2E, count: 16_384)),
            ("alg none", token("alg 'none'", group: "algorithm")),
            ("a wrong header", token("alg twice", group: "header")),
            ("wrong claims", token("sub twice", group: "claims")),
            ("a foreign issuer", token("attacker's", group: "iss")),
        ]
    }

    private static func read(_ path: String) -> JSON? {
        guard let stream = unsafe fopen(path, "rb") else { return nil }
        defer { unsafe fclose(stream) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, stream)
            if count == 0 { return try? JSON.parse(bytes, limits: JSONLimits(values: 1_000_000)) }
            bytes += chunk[..<count]
        }
    }
}
