import Testing

@Suite struct ArchitectureTests {
    static let sources = SourceFile.all(in: "Sources")
    static let tests = SourceFile.all(in: "Tests")

    @Test("all modules of the table are found, and no other")
    func modules() {
        #expect(Set(Self.sources.map(\.module)) == Set(AllowedImports.table.keys))
    }

    @Test("a module imports what the table lets it", arguments: sources)
    func imports(_ file: SourceFile) {
        for (number, line) in zip(1..., file.lines) {
            guard let imported = SourceRules.imported(line) else { continue }
            #expect(AllowedImports.permits(file.module, imported), "\(file.path):\(number) imports \(imported)")
        }
    }

    @Test("a C library is imported for the module's own use only", arguments: sources)
    func libraries(_ file: SourceFile) {
        for (number, line) in zip(1..., file.lines) {
            guard let imported = SourceRules.imported(line), imported == "Glibc" || imported.isLibrary else { continue }
            #expect(line.hasPrefix("internal import ") || line.hasPrefix("private import "), "\(file.path):\(number)")
        }
    }

    @Test("no public signature shows a type of C", arguments: sources)
    func signatures(_ file: SourceFile) {
        for index in file.lines.indices {
            let pointer = SourceRules.pointerShown(file.lines, at: index)
            #expect(pointer == nil, "\(file.path):\(index + 1) shows \(pointer ?? "")")
        }
    }

    /// Comparisons of whole `Secret`s, whose `==` is the one in constant time.
    static let comparesSecrets: Set<String> = [
        "Sources/Accounts/Providers/ProviderSetup.swift", "Sources/Accounts/Provisioning/ProvisioningRules.swift",
        "Sources/Accounts/Webhooks/Webhooks.swift", "Sources/Base/Secrets/Secret.swift",
    ]

    @Test("no secret is compared byte by byte until the first difference", arguments: sources)
    func comparisons(_ file: SourceFile) {
        guard !Self.comparesSecrets.contains(file.path) else { return }
        for (number, line) in zip(1..., file.lines) {
            let secret = SecretRules.compared(line)
            #expect(secret == nil, "\(file.path):\(number) compares \(secret ?? ""); use Secret or ConstantTime.equal")
        }
    }

    @Test("a secret is wiped when it is let go, and compared in constant time")
    func secrets() throws {
        let secret = try #require(Self.sources.first { $0.path == "Sources/Base/Secrets/Secret.swift" })
        let text = secret.lines.map { $0.drop { $0 == " " } }.joined(separator: " ")
        #expect(
            text.contains("deinit { unsafe vst_wipe(storage.baseAddress, storage.count) unsafe storage.deallocate() }"))
        #expect(text.contains("ConstantTime.equal(left, right)"))
    }

    @Test("no type has the name of a module", arguments: sources)
    func names(_ file: SourceFile) {
        for (number, line) in zip(1..., file.lines) {
            guard let name = SourceRules.declaredType(line) else { continue }
            #expect(AllowedImports.table[name] == nil, "\(file.path):\(number) declares \(name)")
        }
    }

    @Test("nothing makes the program differ between folders", arguments: sources)
    func paths(_ file: SourceFile) {
        // What it checks at run time knows how long the path of its file is: scripts/release.sh.
        for (number, line) in zip(1..., file.lines) where !line.hasPrefix("//") {
            #expect(!line.contains("withoutActuallyEscaping("), "\(file.path):\(number)")
        }
    }

    @Test("no file has more than 500 lines", arguments: sources + tests)
    func length(_ file: SourceFile) {
        #expect(file.lines.count <= 501 && !file.lines.isEmpty)
    }
}

extension String {
    /// Whether it names a module map of a C library.
    fileprivate var isLibrary: Bool { first == "C" && dropFirst().first?.isUppercase == true }
}
