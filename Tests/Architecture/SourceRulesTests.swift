import Testing

/// The rules themselves, held against lines that keep and break them.
@Suite struct SourceRulesTests {
    @Test(
        "imports are found in every form",
        arguments: [
            ("import Base", "Base"), ("public import Base", "Base"), ("internal import CLinux", "CLinux"),
            ("@testable import Base", "Base"), ("@preconcurrency internal import Glibc  // why", "Glibc"),
            ("import struct Foundation.URL", "Foundation"), ("    private import Tokens", "Tokens"),
            ("import Foundation.NSData", "Foundation"), ("// import Base", nil), ("important(Base)", nil), ("", nil),
            ("let text = \"import Base\"", nil),
        ])
    func imports(_ sample: (String, String?)) {
        #expect(SourceRules.imported(sample.0) == sample.1)
    }

    @Test("the table tells allowed imports from others")
    func table() {
        #expect(AllowedImports.permits("Tokens", "Base"))
        #expect(AllowedImports.permits("Tokens", "Glibc"))
        #expect(AllowedImports.permits("vestibule", "Foundation"))
        #expect(!AllowedImports.permits("Tokens", "Accounts"))
        #expect(!AllowedImports.permits("Base", "Foundation"))
        #expect(!AllowedImports.permits("Base", "FoundationEssentials"))
        #expect(!AllowedImports.permits("Storage", "CPostgres"))
        #expect(!AllowedImports.permits("Unknown", "Base"))
    }

    @Test(
        "C types are found in public signatures only",
        arguments: [
            (["public var handle: OpaquePointer?"], "OpaquePointer"),
            (["    public func use(_ bytes: UnsafePointer<UInt8>) {"], "UnsafePointer"),
            (["public func use(", "    _ bytes: UnsafeMutableRawPointer", ") {"], "UnsafeMutableRawPointer"),
            (["    @inlinable static public func use(_ pointer: OpaquePointer) {"], "OpaquePointer"),
            (["public private(set) var handle: OpaquePointer"], "OpaquePointer"),
            (["unsafe EVP_PKEY_new_raw_public_key_ex(nil)"], nil), (["package let connection: PGconn"], "PGconn"),
            (["public func use(_ bytes: Span<UInt8>) { let p: OpaquePointer }"], nil),
            (["private let handle: OpaquePointer"], nil), (["let handle: OpaquePointer"], nil),
            (["public func plain()", "private let handle: OpaquePointer"], nil),
            (["/// public OpaquePointer"], nil), (["public let myCURLName: Int"], nil),
        ] as [([String], String?)])
    func pointers(_ sample: ([String], String?)) {
        #expect(SourceRules.pointerShown(sample.0, at: 0) == sample.1)
    }

    @Test(
        "comparisons of secrets are found",
        arguments: [
            ("if key.digest == digest {", "digest"), ("guard signature != expected else {", "signature"),
            ("return secret.text == other", "secret"),
            ("let same = given == configuration.bootstrapToken", "bootstraptoken"),
            ("if secret == \"\" {", nil), ("if secret == nil {", nil), ("guard signature.count == 64 else {", nil),
            ("// digest == other", nil), ("if a == b {", nil),
            ("EVP_PKEY_CTX_set_signature_md(context, digest) == 1", nil),
            ("ConstantTime.equal(digest, other)", nil), ("guard status == 0, digest.isEmpty", nil),
        ] as [(String, String?)])
    func comparisons(_ sample: (String, String?)) {
        #expect(SecretRules.compared(sample.0) == sample.1)
    }

    @Test(
        "declared types are found",
        arguments: [
            ("public struct HTTP {", "HTTP"), ("final class Tokens: Sendable {", "Tokens"), ("@safe enum API {", "API"),
            ("    private protocol Base: AnyObject {", "Base"), ("typealias Gateway = Int", "Gateway"),
            ("let structure = 1", nil), ("// struct HTTP", nil),
        ] as [(String, String?)])
    func types(_ sample: (String, String?)) {
        #expect(SourceRules.declaredType(sample.0) == sample.1)
    }
}
