import Base
import Tokens

/// One token of attacks.json, and what must come of it.
struct AttackCase: Sendable {
    let group: String
    let name: String
    let token: [UInt8]
    /// `accept`, the check that fails, `key_unknown` or `keys_missing`.
    let expect: String
    let json: JSON

    var purpose: TokenPurpose {
        switch json["purpose"]?.string {
        case "identity": .identity
        case "event": .securityEvent(audiences: [AttackCorpus.shared.eventAudience])
        default: .caller
        }
    }
}

/// The tokens of attacks.json with the issuers that they are held against.
struct AttackCorpus: Sendable {
    let now: Timestamp
    let skew: Int64
    let eventAudience: String
    let trust: TrustStore
    /// The issuers as the file has them, with their keys.
    let issuers: [JSON]
    let cases: [AttackCase]
    let pems: [String: String]

    static let shared = AttackCorpus(Vectors.read("attacks.json"))

    private init(_ json: JSON) {
        now = Timestamp(seconds: json["now"]?.int ?? 0)
        skew = json["skew"]?.int ?? 0
        eventAudience = json["event_audience"]?.string ?? ""
        issuers = json["issuers"]?.elements ?? []
        trust = TrustStore(version: 1, generation: 1, issuers: issuers.map(AttackCorpus.issuer))
        cases = (json["cases"]?.elements ?? []).map {
            AttackCase(
                group: $0["group"]?.string ?? "", name: $0["name"]?.string ?? "",
                token: Array(($0["token"]?.string ?? "").utf8), expect: $0["expect"]?.string ?? "", json: $0)
        }
        pems = Dictionary(
            uniqueKeysWithValues: (json["pems"]?.members ?? []).map { ($0.name, $0.value.string ?? "") })
    }

    /// The groups in the file's order.
    var groups: [String] {
        var seen: [String] = []
        for entry in cases where seen.last != entry.group { seen.append(entry.group) }
        return seen
    }

    private static func issuer(_ json: JSON) -> TrustedIssuer {
        let policy = IssuerPolicy(
            provider: Provider(rawValue: json["provider"]?.string ?? "") ?? .oidc, issuer: json["issuer"]?.string ?? "",
            audiences: json["audiences"]?.texts ?? [], clientID: json["client_id"]?.string,
            authorizedParties: json["authorized_parties"]?.texts ?? [],
            algorithms: json["algorithms"].map { Set($0.texts.compactMap(Algorithm.init(rawValue:))) } ?? Algorithm.all,
            acceptedUntil: json["accepted_until"]?.int.map(Timestamp.init(seconds:)))
        let keys = json["keys"].flatMap { $0.isNull ? nil : $0.source }
        return TrustedIssuer(
            policy: policy, keys: keys.flatMap { try? KeySet(parsing: Array("{\"keys\":".utf8) + $0 + [0x7D]) })
    }
}

extension Verdict {
    /// As attacks.json names it.
    var name: String {
        switch self {
        case .verified: "accept"
        case .rejected(let rejection): rejection.check.rawValue
        case .keyUnknown: "key_unknown"
        case .keysMissing: "keys_missing"
        }
    }

    var verified: VerifiedToken? {
        if case .verified(let token) = self { token } else { nil }
    }

    var rejection: TokenRejection? {
        if case .rejected(let rejection) = self { rejection } else { nil }
    }
}
