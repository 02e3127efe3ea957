/// Rules that a line of a source file may break.
enum SourceRules {
    /// The module that an import declaration names; nil for another line.
    static func imported(_ line: String) -> String? {
        let code = line.prefix { $0 != ";" }.split(separator: "//", omittingEmptySubsequences: false).first ?? ""
        var words = code.split(whereSeparator: \.isWhitespace)[...]
        while let word = words.first, word.hasPrefix("@") || Self.modifiers.contains(String(word)) {
            words = words.dropFirst()
        }
        guard words.first == "import", words.count >= 2 else { return nil }
        words = words.dropFirst()
        // `import struct Module.Type`
        if words.count >= 2, let kind = words.first, kinds.contains(String(kind)) { words = words.dropFirst() }
        return words.first.flatMap { $0.split(separator: ".").first }.map(String.init)
    }

    private static let modifiers: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
    private static let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]

    /// Types of C, or that point into C's memory, which no module shows to another.
    private static let pointers = [
        "OpaquePointer", "UnsafePointer", "UnsafeMutablePointer", "UnsafeRawPointer", "UnsafeMutableRawPointer",
        "UnsafeBufferPointer", "UnsafeMutableBufferPointer", "UnsafeRawBufferPointer", "UnsafeMutableRawBufferPointer",
        "Unmanaged", "CInt", "CChar", "CLong", "CVarArg", "epoll_event", "pthread_t", "sockaddr", "timespec", "EVP_",
        "SSL_", "PGconn", "PGresult", "CURL", "ares_", "jwt_t", "json_t",
    ]

    /// The C type in a public or package signature that begins at a line; nil where there is none.
    ///
    /// A signature goes on over lines until its body, its value or its end.
    static func pointerShown(_ lines: [String], at index: Int) -> String? {
        let words = code(lines[index]).split(whereSeparator: \.isWhitespace)
        guard let first = words.first(where: { !$0.hasPrefix("@") && !plain.contains($0) }),
            shown.contains(where: { first == $0 || first.hasPrefix("\($0)(") })
        else { return nil }
        var text = ""
        for line in lines[index...].prefix(12) {
            let line = code(line)
            if let brace = line.firstIndex(of: "{") {
                text += line[..<brace]
                break
            }
            text += line + " "
            let open = text.count { $0 == "(" }
            if open == text.count(where: { $0 == ")" }) { break }
        }
        return pointers.first { pointer in
            text.ranges(of: pointer).contains { range in
                let before = text[..<range.lowerBound].last
                return before.map { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? true
            }
        }
    }

    private static let shown: Set<Substring> = ["public", "package", "open"]
    /// What may stand before the word that says who sees a declaration.
    private static let plain: Set<Substring> = ["static", "final", "nonisolated", "nonisolated(unsafe)", "indirect"]

    private static func code(_ line: String) -> String {
        line.firstRange(of: "//").map { String(line[..<$0.lowerBound]) } ?? line
    }

    /// The name of the type that a line declares; nil for another line.
    static func declaredType(_ line: String) -> String? {
        let words = code(line).split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "@" }
        for (word, next) in zip(words, words.dropFirst()) where typeKinds.contains(String(word)) { return String(next) }
        return nil
    }

    private static let typeKinds: Set<String> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
}
