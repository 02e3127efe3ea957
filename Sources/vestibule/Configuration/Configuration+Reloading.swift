extension Configuration {
    /// Keys that are read once: what they say is open, or shared by threads that would have to stop.
    private static let readOnce: Set<String> = [
        "DATABASE_URL", "DATABASE_ADMIN_URL", "DATABASE_READ_URL", "DATABASE_DIRECT_URL",
        "VESTIBULE_DATABASE_CONNECTIONS", "VESTIBULE_DATABASE_POOLER", "VESTIBULE_LISTEN", "VESTIBULE_TLS_CERT",
        "VESTIBULE_TLS_KEY", "VESTIBULE_THREADS", "VESTIBULE_MIGRATE_ON_START", "VESTIBULE_MIGRATIONS",
        "VESTIBULE_CONSOLE", "LOG_FORMAT", "VESTIBULE_IDP_CA_FILE", "VESTIBULE_IDP_ALLOW_HTTP", "OKTA_JWKS_FILE",
        "CLERK_JWKS_FILE", "VESTIBULE_TOKEN_CACHE", "VESTIBULE_TOKEN_CACHE_MB", "VESTIBULE_PRINCIPAL_TTL",
        "VESTIBULE_MAX_STALE", "VESTIBULE_UPKEEP", "VESTIBULE_AUDIT_DAYS", "VESTIBULE_LOGIN_DAYS", "REDIS_URL",
        "VESTIBULE_DNS_SERVER", "VESTIBULE_ENCRYPTION_KEY",
    ]

    /// Keeps where the service is reached as it was at the start.
    ///
    /// - Returns: the keys that say something else than in the former configuration and count from the next start only.
    mutating func keepPlace(of former: Configuration) -> [String] {
        listen = former.listen
        (tlsCertificate, tlsKey) = (former.tlsCertificate, former.tlsKey)
        if sources["VESTIBULE_PUBLIC_URL"] == nil, former.sources["VESTIBULE_PUBLIC_URL"] == nil {
            publicURL = former.publicURL
        }
        return ConfigurationKeys.all.map(\.name).filter {
            Self.readOnce.contains($0) && sources[$0]?.text != former.sources[$0]?.text
        }
    }
}
