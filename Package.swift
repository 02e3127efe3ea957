// swift-tools-version: 6.2
import PackageDescription

/// One list for every Swift target, so that none can miss a setting.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]

func system(_ name: String, pkgConfig: String? = nil) -> Target {
    .systemLibrary(name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig)
}

/// A module of the product; the names are those of the table in the README.
func module(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(name)")
}

/// The tests of one module, in the folder of the same name.
func tests(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)")
}

let package = Package(
    name: "vestibule",
    products: [.executable(name: "vestibule", targets: ["vestibule"])],
    targets: [
        system("CLinux"),
        system("COpenSSL", pkgConfig: "openssl"),
        system("CJansson", pkgConfig: "jansson"),
        system("CJWT", pkgConfig: "libjwt"),
        system("CCjose", pkgConfig: "cjose"),
        system("CPostgres", pkgConfig: "libpq"),
        system("CCurl", pkgConfig: "libcurl"),
        system("CCares", pkgConfig: "libcares"),
        system("CHiredis"),

        module("Base", "CLinux"),
        module("Tokens", "Base", "COpenSSL"),
        module("Accounts", "Base", "Tokens"),
        module("Postgres", "Base", "CPostgres"),
        module("Storage", "Base", "Tokens", "Accounts", "Postgres"),
        module("Outbound", "Base", "Accounts", "Tokens", "CCurl", "CCares", "CHiredis"),
        module("HTTP", "Base", "CLinux", "COpenSSL"),
        module("Gateway", "Base", "Accounts", "Tokens", "HTTP"),
        module("API", "Base", "Accounts", "Tokens", "HTTP"),
        module("DevIdP", "Base", "HTTP", "CJWT", "COpenSSL"),
        .executableTarget(
            name: "vestibule",
            dependencies: [
                "Base", "Tokens", "Accounts", "Postgres", "Storage", "Outbound", "HTTP", "Gateway", "API", "DevIdP",
            ],
            path: "Sources/vestibule"),

        .target(name: "Support", dependencies: ["Base"], path: "Tests/Support"),
        tests("Base", "Base", "Support"),
        .target(
            name: "TokensFuzz", dependencies: ["Base", "Tokens", "COpenSSL", "CJansson", "CCjose"],
            path: "Tests/Fuzz/tokens"),
        .target(
            name: "ParsersFuzz",
            dependencies: ["Base", "Tokens", "Accounts", "Outbound", "HTTP", "Gateway", "TokensFuzz", "vestibule"],
            path: "Tests/Fuzz/parsers"),
        .testTarget(
            name: "FuzzTests", dependencies: ["Base", "ParsersFuzz", "TokensFuzz", "vestibule"],
            path: "Tests/Fuzz/regressions"),
        tests("Tokens", "Base", "Tokens", "Support", "TokensFuzz", "CJansson", "CJWT", "CCjose", "COpenSSL"),
        tests("Accounts", "Base", "Tokens", "Accounts", "Support"),
        .target(name: "PostgresSupport", dependencies: ["Base", "Postgres"], path: "Tests/PostgresSupport"),
        tests("Postgres", "Base", "Postgres", "Support", "PostgresSupport"),
        tests("Storage", "Base", "Tokens", "Accounts", "Postgres", "Storage", "Support", "PostgresSupport"),
        tests("Outbound", "Base", "Accounts", "Tokens", "Outbound", "HTTP", "Support"),
        tests("HTTP", "Base", "HTTP", "Support", "COpenSSL"),
        tests("Gateway", "Base", "Accounts", "Tokens", "HTTP", "Gateway", "Support"),
        tests("API", "Base", "Accounts", "HTTP", "API", "Support"),
        tests("DevIdP", "Base", "HTTP", "Tokens", "DevIdP", "Support"),
        tests("Architecture", "Base", "Support"),
        .target(name: "AllocationCounter", path: "Tests/Benchmarks/allocations"),
        .executableTarget(
            name: "TokensBenchmark", dependencies: ["Base", "Tokens", "COpenSSL", "AllocationCounter"],
            path: "Tests/Benchmarks/tokens",
            exclude: ["run"]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + strict
}
