/// Which modules of the project each module may import: the table of the architecture.
enum AllowedImports {
    static let table: [String: Set<String>] = [
        "Base": ["CLinux"],
        "Tokens": ["Base", "COpenSSL", "CJansson"],
        "Accounts": ["Base", "Tokens"],
        "Postgres": ["Base", "CPostgres"],
        "Storage": ["Base", "Accounts", "Postgres"],
        "Outbound": ["Base", "Accounts", "Tokens", "CCurl", "CCares"],
        "HTTP": ["Base", "COpenSSL"],
        "Gateway": ["Base", "Accounts", "Tokens", "HTTP"],
        "API": ["Base", "Accounts", "HTTP"],
        "DevIdP": ["Base", "HTTP", "CJWT", "COpenSSL"],
        "vestibule": [
            "Base", "Tokens", "Accounts", "Postgres", "Storage", "Outbound", "HTTP", "Gateway", "API", "DevIdP",
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
