internal import API
internal import Accounts
internal import Base
internal import Gateway
internal import Glibc
internal import Outbound
internal import Tokens

extension Configuration {
    /// Reads and checks everything.
    ///
    /// - Parameter needsDatabase: whether a missing `DATABASE_URL` is an error.
    /// - Throws: all problems at once.
    static func read(
        flags: [String: String] = [:], environment: [String: String] = ProcessEnvironment.all, filePath: String? = nil,
        needsDatabase: Bool = true
    ) throws(ConfigurationProblems) -> Configuration {
        let reader = ConfigurationReader(flags: flags, environment: environment, filePath: filePath)
        var fields = ConfigurationFields(reader)
        var configuration = Configuration()
        configuration.sources = reader.values
        configuration.takeDatabase(&fields, needed: needsDatabase)
        configuration.takeService(&fields)
        configuration.takeProviders(&fields)
        configuration.takeRules(&fields)
        configuration.takeLimits(&fields)
        configuration.takeTraces(&fields)
        configuration.takeRoutes(&fields, reader.routes)
        if !fields.problems.isEmpty { throw fields.problems }
        return configuration
    }

    private mutating func takeDatabase(_ fields: inout ConfigurationFields, needed: Bool) {
        databaseURI = fields.database("DATABASE_URL")
        if needed, fields.text("DATABASE_URL") == nil {
            fields.problems.add("DATABASE_URL", "is required; give a libpq URI such as postgresql://user@host/database")
        }
        databaseAdminURI = fields.database("DATABASE_ADMIN_URL") ?? databaseURI
        databaseReadURI = fields.database("DATABASE_READ_URL")
        databaseDirectURI = fields.database("DATABASE_DIRECT_URL")
        databaseConnections = Int(fields.integer("VESTIBULE_DATABASE_CONNECTIONS", 1...1000))
        // Transactions work behind either kind of pooler; prepared statements behind one only.
        pooler = fields.choice("VESTIBULE_DATABASE_POOLER") ?? (databaseDirectURI == nil ? .none : .transaction)
        readPooler = fields.choice("VESTIBULE_DATABASE_READ_POOLER") ?? pooler
        if needed, pooler == .transaction, databaseURI != nil, fields.text("DATABASE_DIRECT_URL") == nil {
            fields.problems.add(
                "DATABASE_DIRECT_URL",
                "is missing; a pooler in transaction mode passes no change notices on, so give a direct connection")
        }
    }

    private mutating func takeService(_ fields: inout ConfigurationFields) {
        listen = fields.hostAndPort("VESTIBULE_LISTEN") ?? listen
        tlsCertificate = fields.text("VESTIBULE_TLS_CERT")
        tlsKey = fields.text("VESTIBULE_TLS_KEY")
        if (tlsCertificate == nil) != (tlsKey == nil) {
            let missing = tlsCertificate == nil ? "VESTIBULE_TLS_CERT" : "VESTIBULE_TLS_KEY"
            fields.problems.add(missing, "is missing; TLS needs both the certificate and its key")
        }
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        threads = fields.text("VESTIBULE_THREADS") == nil ? cores : Int(fields.integer("VESTIBULE_THREADS", 1...256))
        migrateOnStart = fields.bool("VESTIBULE_MIGRATE_ON_START")
        migrations = fields.text("VESTIBULE_MIGRATIONS") ?? migrations
        console = fields.text("VESTIBULE_CONSOLE") ?? console
        publicURL = fields.text("VESTIBULE_PUBLIC_URL") ?? (tlsKey == nil ? "http://" : "https://") + listen
        if !Self.isOrigin(publicURL) {
            fields.problems.add("VESTIBULE_PUBLIC_URL", "must be scheme://host[:port] without a path")
        }
        environment = fields.text("ENVIRONMENT") ?? environment
        logLevel = fields.choice("LOG_LEVEL") ?? .info
        logFormat = fields.choice("LOG_FORMAT") ?? .json
        corsOrigins = fields.list("CORS_ORIGINS")
        for origin in corsOrigins where origin != "*" && !Self.isOrigin(origin) {
            fields.problems.add("CORS_ORIGINS", "\(origin) is no origin; write scheme://host[:port] without a path")
        }
        metricsPeers = fields.parsed("VESTIBULE_METRICS_PEERS", "is no CIDR such as 10.0.0.0/8") { CIDR($0) }
    }

    private mutating func takeProviders(_ fields: inout ConfigurationFields) {
        allowsHTTPIssuers = fields.bool("VESTIBULE_IDP_ALLOW_HTTP")
        providerAuthorities = fields.text("VESTIBULE_IDP_CA_FILE")
        activeProvider = fields.choice("VESTIBULE_ACTIVE_IDP")
        clerkPublishableKey = fields.text("CLERK_PUBLISHABLE_KEY")
        clerkSecretKey = fields.secret("CLERK_SECRET_KEY")
        clerkAPI = fields.text("CLERK_API_URL") ?? clerkAPI
        clerkWebhookSecrets = fields.svixSecrets("CLERK_WEBHOOK_SECRET")
        oktaWebhookSecrets = fields.secrets("OKTA_WEBHOOK_SECRET")
        if let issuer = fields.issuer("OKTA_ISSUER", allowsHTTP: allowsHTTPIssuers) {
            preloadedKeys[issuer] = fields.keySet("OKTA_JWKS_FILE")
            seeds.append(
                ProviderConfiguration(
                    provider: .okta, issuer: issuer, clientID: fields.text("OKTA_CLIENT_ID"),
                    audiences: fields.list("OKTA_AUDIENCE"), emailDomains: fields.list("OKTA_EMAIL_DOMAINS")))
        }
        if let issuer = fields.issuer("CLERK_ISSUER", allowsHTTP: allowsHTTPIssuers) {
            preloadedKeys[issuer] = fields.keySet("CLERK_JWKS_FILE")
            seeds.append(
                ProviderConfiguration(
                    provider: .clerk, issuer: issuer, audiences: fields.list("CLERK_AUDIENCE"),
                    publishableKey: clerkPublishableKey, authorizedParties: fields.list("CLERK_AUTHORIZED_PARTIES"),
                    apiURL: clerkAPI))
        }
        let active = activeProvider ?? (seeds.count == 1 ? seeds[0].provider : .okta)
        if activeProvider != nil, !seeds.isEmpty, !seeds.contains(where: { $0.provider == active }) {
            fields.problems.add(
                "VESTIBULE_ACTIVE_IDP", "names \(active), but \(active.rawValue.uppercased())_ISSUER is not set")
        }
        activeProvider = active
        // Whoever names two providers means both; once another is activated, the first is no longer believed.
        for index in seeds.indices {
            seeds[index].isActive = seeds[index].provider == active
            seeds[index].acceptsTokens = seeds[index].provider != active
        }
    }

    private mutating func takeRules(_ fields: inout ConfigurationFields) {
        clockSkew = fields.integer("VESTIBULE_CLOCK_SKEW", 0...300)
        unprovisioned = fields.choice("VESTIBULE_UNPROVISIONED") ?? .provision
        requiresVerifiedEmail = fields.bool("VESTIBULE_REQUIRE_VERIFIED_EMAIL")
        linksByEmail = fields.bool("VESTIBULE_LINK_BY_EMAIL")
        trustedProxies = fields.parsed("VESTIBULE_TRUSTED_PROXIES", "is no CIDR such as 10.0.0.0/8") { CIDR($0) }
        bootstrapToken = fields.secret("VESTIBULE_BOOTSTRAP_TOKEN")
        bootstrapEmails = fields.parsed("VESTIBULE_BOOTSTRAP_EMAILS", "is no e-mail address") { EmailAddress($0) }
        sessionCookies = fields.list("VESTIBULE_SESSION_COOKIES")
        aws = AWSSettings(
            hasSimpleResponses: fields.bool("VESTIBULE_AWS_SIMPLE_RESPONSES"),
            usageKey: fields.choice("VESTIBULE_AWS_USAGE_KEY"), environment: environment)
        let maximumAge = fields.integer("VESTIBULE_ADMIN_MAX_AGE", 0...31_536_000)
        adminRules = AdminRules(
            needsMFA: fields.bool("VESTIBULE_ADMIN_MFA"), maximumAge: maximumAge == 0 ? nil : maximumAge)
        switch fields.text("VESTIBULE_ORGS_CREATE") {
        case "platform_admin": orgsNeedPlatformAdmin = true
        case "anyone", nil: orgsNeedPlatformAdmin = false
        case .some: fields.problems.add("VESTIBULE_ORGS_CREATE", "must be anyone or platform_admin")
        }
    }

    private mutating func takeLimits(_ fields: inout ConfigurationFields) {
        tokenCacheEntries = Int(fields.integer("VESTIBULE_TOKEN_CACHE", 0...100_000_000))
        tokenCacheMebibytes = Int(fields.integer("VESTIBULE_TOKEN_CACHE_MB", 0...1_048_576))
        principalTTL = fields.integer("VESTIBULE_PRINCIPAL_TTL", 1...3600)
        maxStale = fields.integer("VESTIBULE_MAX_STALE", 0...86_400)
        rateLimit = Int(fields.integer("VESTIBULE_RATE_LIMIT", 0...100_000_000))
        upkeepSeconds = fields.integer("VESTIBULE_UPKEEP", 0...86_400)
        auditDays = fields.days("VESTIBULE_AUDIT_DAYS", atLeast: 365)
        loginDays = fields.days("VESTIBULE_LOGIN_DAYS", atLeast: 30)
        redisURL = fields.redis("REDIS_URL")
        dnsServer = fields.text("VESTIBULE_DNS_SERVER") == nil ? nil : fields.hostAndPort("VESTIBULE_DNS_SERVER")
        assertionKeys = fields.signingKeys("VESTIBULE_ASSERTION_KEY")
        assertionIssuer = fields.text("VESTIBULE_ASSERTION_ISSUER") ?? assertionIssuer
        assertionAudience = fields.text("VESTIBULE_ASSERTION_AUDIENCE") ?? assertionAudience
        encryptionKeys = fields.secrets("VESTIBULE_ENCRYPTION_KEY")
        for key in encryptionKeys where Base64.decode(key.text.utf8)?.count != 32 {
            fields.problems.add(
                "VESTIBULE_ENCRYPTION_KEY",
                "each key must be 32 bytes in base64; make one with: openssl rand -base64 32")
        }
    }

    private static func isOrigin(_ text: String) -> Bool {
        for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
            let host = text.dropFirst(scheme.count)
            return !host.isEmpty && !host.contains("/") && !host.contains("*") && !host.contains(" ")
        }
        return false
    }
}
