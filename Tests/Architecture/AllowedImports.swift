/// Which modules each module may import: the table of the architecture, with what the code has shown to be needed
/// beyond it.
enum AllowedImports {
    static let table: [String: Set<String>] = [
        "Base": ["CLinux"],
        "Tokens": ["Base", "COpenSSL", "CJansson"],
        "Accounts": ["Base", "Tokens"],
        "Postgres": ["Base", "CPostgres"],
        // Tokens for the values that are stored: providers, identities.
        "Storage": ["Base", "Accounts", "Postgres", "Tokens"],
        "Outbound": ["Base", "Accounts", "Tokens", "CCurl", "CCares", "CHiredis"],
        // CLinux for non-blocking sockets.
        "HTTP": ["Base", "CLinux", "COpenSSL"],
        "Gateway": ["Base", "Accounts", "Tokens", "HTTP"],
        // Tokens for the values that are shown: providers, verified claims.
        "API": ["Base", "Accounts", "HTTP", "Tokens"],
        "DevIdP": ["Base", "HTTP", "CJWT", "COpenSSL"],
        // Dispatch for signals.
        "vestibule": [
            "Dispatch", "Base", "Tokens", "Accounts", "Postgres", "Storage", "Outbound", "HTTP", "Gateway", "API",
            "DevIdP",
        ],
    ]

    /// What comes with the language and may be imported everywhere.
    static let language: Set<String> = ["Swift", "Glibc", "Synchronization", "_Concurrency"]

    /// What costs milliseconds at start and megabytes, and reads configuration files only.
    static let foundation: Set<String> = ["Foundation", "FoundationEssentials"]

    /// Whether a module may import another.
    static func permits(_ module: String, _ imported: String) -> Bool {
        if language.contains(imported) { return true }
        if foundation.contains(imported) { return module == "vestibule" }
        return table[module]?.contains(imported) ?? false
    }
}
