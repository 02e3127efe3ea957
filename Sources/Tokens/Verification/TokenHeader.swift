internal import Base

/// What is used of a token's header (RFC 7515 §4.1). `jku`, `jwk`, `x5u`, `x5c` and all others are ignored: a token can't
/// bring its own key.
struct TokenHeader {
    static let longestKeyID = 256

    let algorithm: Algorithm
    /// Only ever a string to look up within one issuer's keys.
    let keyID: String?
    /// Whether `typ` says that it is an access token of RFC 9068.
    let isTypedAccessToken: Bool

    init(_ bytes: [UInt8], _ purpose: TokenPurpose, _ record: inout some CheckRecorder) throws(VerificationStop) {
        let header = try record.require(
            .header, TokenHeader.object(bytes), expected: "a JSON object without duplicate members",
            actual: TokenHeader.whyNoObject(bytes))
        algorithm = try TokenHeader.algorithm(header, &record)
        let crit = header["crit"]
        try record.require(.critical, crit == nil, expected: "no crit", actual: crit.words)

        let typ = header["typ"]
        let type = typ?.string.map { $0.lowercased() }
        isTypedAccessToken = type == "at+jwt" || type == "application/at+jwt"
        try record.require(
            .type, typ == nil || TokenHeader.types(for: purpose).contains(type ?? ""),
            expected: "absent or one of \(TokenHeader.types(for: purpose).joined(separator: ", "))", actual: typ.words)
        let kid = header["kid"]
        keyID = kid?.string
        try record.require(
            .keyID, kid == nil || (keyID.map { $0.utf8.count <= TokenHeader.longestKeyID } ?? false),
            expected: "absent or a string of at most \(TokenHeader.longestKeyID) bytes", actual: kid.words)
    }

    /// `alg`, where it is one of those that can be accepted.
    static func algorithm(_ header: JSON, _ record: inout some CheckRecorder) throws(VerificationStop) -> Algorithm {
        let alg = header["alg"]
        return try record.require(
            .algorithm, alg?.string.flatMap(Algorithm.init(rawValue:)),
            expected: Algorithm.allCases.map(\.rawValue).joined(separator: ", "), actual: alg.words)
    }

    /// The values of `typ` that are accepted, lower case.
    private static func types(for purpose: TokenPurpose) -> [String] {
        switch purpose {
        case .caller: ["jwt", "at+jwt", "application/at+jwt"]
        case .identity: ["jwt"]
        case .securityEvent: ["jwt", "secevent+jwt", "application/secevent+jwt"]
        }
    }

    /// A JSON object of at most 32 levels and 4,096 values: far beyond what issuers send.
    static func object(_ bytes: [UInt8]) -> JSON? {
        guard let json = try? JSON.parse(bytes, limits: limits), json.kind == .object else { return nil }
        return json
    }

    /// The same answer in words, for an examination.
    static func whyNoObject(_ bytes: [UInt8]) -> String {
        do {
            let json = try JSON.parse(bytes, limits: limits)
            return json.kind == .object ? "it is one" : "JSON, but no object"
        } catch {
            return "it \(error)"
        }
    }

    private static let limits = JSONLimits(depth: 32, values: 4096)
}

extension Optional<JSON> {
    /// The value as it is spelled, cut after 200 bytes; for an examination.
    var words: String {
        guard let value = self else { return "absent" }
        let source = value.source
        return String(decoding: source.prefix(200), as: UTF8.self) + (source.count > 200 ? "…" : "")
    }
}
