#if DEBUG || FUZZING

    internal import Base
    internal import HTTP

    @testable import Gateway

    /// `Cookie` and `Authorization`, against a plain reading.
    enum CookieChecks {
        static func check(_ input: [UInt8]) {
            guard input.count < 3000 else { return }
            for name in ["__session", "s", "a-b"].map({ Array($0.utf8) }) {
                let plain = plainly(name, input)
                let ours: [UInt8]?
                do {
                    ours = try CookieText.value(of: name, in: input.span).map { Array(input[$0]) }
                } catch {
                    precondition(plain.count > 1, "refused, though there is one")
                    continue
                }
                precondition(plain.count <= 1 && ours == plain.first.flatMap(\.self), "another value")
            }
            guard let start = TokenFinder.startOfToken(input.span) else { return }
            precondition(start >= 7 && start <= input.count, "where the token begins")
            precondition(
                String(decoding: input.prefix(6), as: UTF8.self).lowercased() == "bearer" && input[6] == 0x20, "scheme")
            precondition(start == input.count || input[start] != 0x20, "a blank before the token")
        }

        /// The values of the name, in their order; nil for an empty one.
        private static func plainly(_ name: [UInt8], _ cookies: [UInt8]) -> [[UInt8]?] {
            cookies.split(separator: 0x3B, omittingEmptySubsequences: false).compactMap { pair in
                var pair = pair.drop { $0 == 0x20 }
                while pair.last == 0x20 { pair.removeLast() }
                guard pair.starts(with: name + [0x3D]) else { return nil }
                let value = pair.dropFirst(name.count + 1)
                return .some(value.isEmpty ? nil : Array(value))
            }
        }
    }

#endif
