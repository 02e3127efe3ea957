#if DEBUG || FUZZING

    internal import Base

    @testable import Accounts

    /// Paths: their normal form is one, and decoding it as often as one likes leads nowhere else. Rules: the tree finds
    /// what a list searched from its beginning finds.
    enum PathChecks {
        static func check(_ input: [UInt8]) {
            guard input.count < 2000 else { return }
            guard let path = try? RoutePath(bytes: input) else { return match(input) }
            precondition((try? RoutePath(bytes: path.bytes)) == path, "the normal form has another normal form")
            if let text = String(validating: input, as: UTF8.self) {
                precondition((try? RoutePath(text)) == path, "as a text it is another path")
            }
            var decoded = path.bytes
            for _ in 0..<6 {
                decoded = PathChecks.decoded(decoded)
                for segment in decoded.dropFirst().split(separator: 47, omittingEmptySubsequences: false).dropLast() {
                    precondition(!segment.isEmpty && !isDots(segment), "decoding brings out another segment")
                }
                let last = decoded.split(separator: 47, omittingEmptySubsequences: false).last ?? []
                precondition(!isDots(last), "decoding brings out dots")
                for byte in decoded { precondition(byte > 31 && byte != 127 && byte != 92 && byte != 59, "a control") }
                precondition(
                    decoded.count { $0 == 47 } == path.bytes.count { $0 == 47 }, "decoding brings out a slash")
            }
            match(input)
        }

        private static func isDots(_ segment: ArraySlice<UInt8>) -> Bool {
            segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8)
        }

        /// As a lenient reader decodes: what is no escape stays.
        private static func decoded(_ bytes: [UInt8]) -> [UInt8] {
            var decoded: [UInt8] = []
            var index = 0
            while index < bytes.count {
                if bytes[index] == 37, index + 2 < bytes.count, let high = PathScanner.hex(bytes[index + 1]),
                    let low = PathScanner.hex(bytes[index + 2])
                {
                    decoded.append(high << 4 | low)
                    index += 3
                } else {
                    decoded.append(bytes[index])
                    index += 1
                }
            }
            return decoded
        }

        private static func match(_ input: [UInt8]) {
            guard let rules else { preconditionFailure("the rules can't be read") }
            let target = String(decoding: input, as: UTF8.self)
            for (method, host) in [("GET", "a.example"), ("DELETE", "b.example:8443")] {
                let found = try? rules.match(method: method, host: host, target: target)
                guard let path = try? RoutePath(target) else {
                    precondition(found == nil, "a rule for an ambiguous path")
                    continue
                }
                let plain = rules.rules.firstIndex {
                    ($0.methods?.contains(method) ?? true) && ($0.host ?? host).hasPrefix(host.prefix(9))
                        && fits($0.segments[...], path.segments.map { Array(path.bytes[$0]) }[...])
                }
                precondition(found != nil && found?.number == plain, "another rule")
            }
        }

        private static func fits(_ pattern: ArraySlice<RouteRule.Segment>, _ path: ArraySlice<[UInt8]>) -> Bool {
            guard let first = pattern.first else { return path.isEmpty }
            if first == .rest { return true }
            guard let segment = path.first else { return false }
            if case .literal(let text) = first, text != segment { return false }
            return fits(pattern.dropFirst(), path.dropFirst())
        }

        private static let rules: RouteRules? = {
            let text = """
                [{"path":"/public/**","require":"anonymous"},{"method":"DELETE","path":"/a/*","require":"authenticated"},
                {"path":"/a/b","host":"a.example","require":"anonymous"},{"path":"/a/{x}/c","require":"anonymous"},
                {"path":"/a/b/**","require":"authenticated"},{"path":"/orgs/{org_id}/**","require":"authenticated"},
                {"method":["GET"],"path":"/","require":"anonymous"},{"path":"/%C3%A9/%25","require":"anonymous"},
                {"path":"/*/b/*","require":"anonymous"},{"path":"/admin/**","require":{"global_role":"platform_owner"}}]
                """
            return (try? JSON.parse(Array(text.utf8))).flatMap { try? RouteRules($0) }
        }()
    }

#endif
