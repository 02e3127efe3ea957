#if DEBUG || FUZZING

    internal import Base
    internal import CCjose

    @testable import Tokens

    /// The key set reader: what is read once reads the same again, and every RSA and EC key is one for cjose too.
    enum KeyChecks {
        static func check(_ input: [UInt8]) {
            guard let keys = try? KeySet(parsing: input) else { return }
            precondition(!keys.keys.isEmpty && keys.keys.count + keys.skipped.count <= KeySet.largestCount, "count")
            precondition((try? KeySet(parsing: input)) == keys, "another reading")
            for key in keys.keys {
                precondition(Algorithm.allCases.contains(where: key.fits), "fits nothing")
                guard let id = key.id else { continue }
                precondition(!keys.dropping([id]).keys.contains { $0.id == id }, "dropped and there")
            }
            guard !input.contains(0) else { return }
            for entry in (try? JSON.parse(input))?["keys"]?.elements ?? [] where !entry.isBeyondJansson {
                guard let key = try? JWKReader.read(entry), key.material.family != .ed25519 else { continue }
                precondition(isImported(publicPart(entry)), "only we take the key")
            }
        }

        /// Without private members, which cjose reads and we don't look at.
        private static func publicPart(_ jwk: JSON) -> [UInt8] {
            let members = ["kty", "n", "e", "crv", "x", "y"].compactMap { name in
                jwk[name].map { Array("\"\(name)\":".utf8) + $0.source }
            }
            return [0x7B] + members.joined(separator: [0x2C]) + [0x7D]
        }

        private static func isImported(_ jwk: [UInt8]) -> Bool {
            var error = unsafe cjose_err()
            let characters = jwk.map { CChar(bitPattern: $0) }
            guard let key = unsafe cjose_jwk_import(characters, characters.count, &error) else { return false }
            unsafe cjose_jwk_release(key)
            return true
        }
    }

#endif
