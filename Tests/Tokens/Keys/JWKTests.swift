import Base
import Testing

@testable import Tokens

@Suite("JSON Web Keys")
struct JWKTests {
    static let cases = Vectors.read("jwks.json")["cases"]?.elements ?? []

    @Test("each key is used, or skipped for its reason")
    func keys() {
        #expect(Self.cases.count >= 140)
        for entry in Self.cases {
            let name = entry["name"]?.string ?? ""
            guard let jwk = entry["jwk"] else { continue }
            #expect(Self.read(jwk) == entry["expect"]?.string, "\(name)")
        }
    }

    private static func read(_ jwk: JSON) -> String {
        do throws(KeyRefusal) {
            _ = try JWKReader.read(jwk)
            return "usable"
        } catch {
            switch error {
            case .notAnObject: return "not_an_object"
            case .unknownType: return "unknown_type"
            case .unknownCurve: return "unknown_curve"
            case .malformed: return "malformed"
            case .longID: return "long_id"
            case .wrongUse: return "wrong_use"
            case .wrongOperations: return "wrong_operations"
            case .wrongAlgorithm: return "wrong_algorithm"
            case .weak: return "weak"
            case .huge: return "huge"
            case .badExponent: return "bad_exponent"
            case .invalid: return "invalid"
            case .crowdedID: return "crowded_id"
            }
        }
    }
}
