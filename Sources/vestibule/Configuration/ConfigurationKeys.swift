/// Every key there is, in the order of the documentation.
enum ConfigurationKeys {
    static let all: [ConfigurationKey] = database + service + providers + rules + limits + secrets + traces

    static let database = [
        ConfigurationKey(
            "DATABASE_URL", "libpq URI; several hosts allowed (`target_session_attrs=read-write`)", secret: true),
        ConfigurationKey(
            "DATABASE_ADMIN_URL", "role that owns the tables, for `migrate`; else `DATABASE_URL`", secret: true),
        ConfigurationKey("DATABASE_READ_URL", "read replica for principal look-ups", secret: true),
        ConfigurationKey(
            "DATABASE_DIRECT_URL", "connection for change notices where `DATABASE_URL` leads to a pooler", secret: true),
        ConfigurationKey(
            "VESTIBULE_DATABASE_CONNECTIONS", "connections to the database, shared by all threads", default: "16"),
        ConfigurationKey(
            "VESTIBULE_DATABASE_POOLER",
            "`none`, or `transaction` for PgBouncer in transaction mode; else `transaction` with `DATABASE_DIRECT_URL`"),
        ConfigurationKey(
            "VESTIBULE_DATABASE_READ_POOLER",
            "`none` where `DATABASE_READ_URL` leads to the standby itself, `transaction` where to a pooler; else as for `DATABASE_URL`"
        ),
    ]

    static let service = [
        ConfigurationKey("VESTIBULE_LISTEN", "host:port", default: "127.0.0.1:8080"),
        ConfigurationKey("VESTIBULE_TLS_CERT", "PEM file of the certificate chain; with it the service speaks TLS"),
        ConfigurationKey("VESTIBULE_TLS_KEY", "PEM file of the certificate's private key"),
        ConfigurationKey("VESTIBULE_THREADS", "event-loop threads, 1 to 256; else the number of cores"),
        ConfigurationKey(
            "VESTIBULE_MIGRATE_ON_START", "apply pending migrations before listening", default: "false"),
        ConfigurationKey("VESTIBULE_MIGRATIONS", "folder of the migrations", default: "Migrations"),
        ConfigurationKey("VESTIBULE_CONSOLE", "folder of the administrators' page at `/admin/`", default: "Console"),
        ConfigurationKey(
            "VESTIBULE_PUBLIC_URL",
            "where browsers reach the service, for signing in at the console; else the address it listens on"),
        ConfigurationKey("ENVIRONMENT", "name of the environment, e.g. `dev`, `prod`", default: "dev"),
        ConfigurationKey("LOG_LEVEL", "`debug`, `info`, `warning` or `error`", default: "info"),
        ConfigurationKey("LOG_FORMAT", "`json` or `text`", default: "json"),
        ConfigurationKey("CORS_ORIGINS", "origins that browsers may call from, comma separated"),
        ConfigurationKey(
            "VESTIBULE_METRICS_PEERS",
            "CIDRs of who may read `/metrics` and what `/readyz` finds wrong, comma separated",
            default: "127.0.0.0/8,::1/128"),
    ]

    static let providers = [
        ConfigurationKey("OKTA_ISSUER", "issuer of the Okta authorization server, seeds the configuration"),
        ConfigurationKey("OKTA_AUDIENCE", "audience of its access tokens"),
        ConfigurationKey("OKTA_CLIENT_ID", "client id of the application"),
        ConfigurationKey(
            "OKTA_EMAIL_DOMAINS", "e-mail domains that the Okta issuer is the authority for; `*` for all", default: "*"),
        ConfigurationKey(
            "OKTA_JWKS_FILE",
            "file with the Okta issuer's key set, used from the start until a fetch brings a newer one"
        ),
        ConfigurationKey("CLERK_ISSUER", "Frontend API URL of the Clerk instance, seeds the configuration"),
        ConfigurationKey("CLERK_AUDIENCE", "audience, where session tokens are customised to carry one"),
        ConfigurationKey("CLERK_AUTHORIZED_PARTIES", "allowed `azp` origins, comma separated"),
        ConfigurationKey("CLERK_PUBLISHABLE_KEY", "publishable key, for the login page"),
        ConfigurationKey("CLERK_SECRET_KEY", "Backend API key, to look e-mails up", secret: true),
        ConfigurationKey("CLERK_API_URL", "Backend API", default: "https://api.clerk.com"),
        ConfigurationKey("CLERK_JWKS_FILE", "the same for the Clerk issuer"),
        ConfigurationKey(
            "CLERK_WEBHOOK_SECRET", "Svix secrets `whsec_…` of the endpoint, comma separated", secret: true),
        ConfigurationKey(
            "OKTA_WEBHOOK_SECRET", "shared Authorization values of Okta event hooks, comma separated", secret: true),
        ConfigurationKey(
            "VESTIBULE_ACTIVE_IDP", "`okta`, `clerk` or `oidc`: the provider that is active at first start"),
        ConfigurationKey(
            "VESTIBULE_IDP_ALLOW_HTTP", "accept `http://` issuers on loopback hosts; development only", default: "false"
        ),
        ConfigurationKey("VESTIBULE_IDP_CA_FILE", "PEM file of extra certificate authorities for the providers"),
    ]

    static let rules = [
        ConfigurationKey("VESTIBULE_CLOCK_SKEW", "seconds of leeway on exp, nbf and iat, 0 to 300", default: "60"),
        ConfigurationKey(
            "VESTIBULE_UNPROVISIONED", "authorizer on a valid token without user: `provision`, `deny` or `allow`",
            default: "provision"),
        ConfigurationKey(
            "VESTIBULE_REQUIRE_VERIFIED_EMAIL", "an e-mail must be known to be verified before it grants anything",
            default: "true"),
        ConfigurationKey(
            "VESTIBULE_LINK_BY_EMAIL", "link a second issuer's identity to the user with the same verified e-mail",
            default: "false"),
        ConfigurationKey(
            "VESTIBULE_TRUSTED_PROXIES", "CIDRs of the gateways, comma separated", default: "127.0.0.0/8,::1/128"),
        ConfigurationKey(
            "VESTIBULE_BOOTSTRAP_TOKEN", "the first platform owner must also present it", secret: true),
        ConfigurationKey(
            "VESTIBULE_BOOTSTRAP_EMAILS", "only these may become the first platform owner, comma separated"),
        ConfigurationKey(
            "VESTIBULE_SESSION_COOKIES", "cookies besides `__session` that may carry the token, comma separated"),
        ConfigurationKey(
            "VESTIBULE_AWS_SIMPLE_RESPONSES",
            "HTTP API 2.0 authorizers get `isAuthorized`; `false`: a policy. As `enableSimpleResponses` of the API",
            default: "true"),
        ConfigurationKey(
            "VESTIBULE_AWS_USAGE_KEY",
            "what API Gateway gets as `usageIdentifierKey`: `user_id`, `org_id` or `sub`; else none"),
        ConfigurationKey(
            "VESTIBULE_ORGS_CREATE", "who may make an org: `anyone` or `platform_admin`", default: "anyone"),
        ConfigurationKey(
            "VESTIBULE_ADMIN_MFA", "administrators of the platform change things only with a second factor",
            default: "false"),
        ConfigurationKey(
            "VESTIBULE_ADMIN_MAX_AGE",
            "seconds since the sign-in within which administrators of the platform change things; 0 is any time",
            default: "0"),
    ]

    static let limits = [
        ConfigurationKey("VESTIBULE_TOKEN_CACHE", "verified tokens remembered at most; 0 is off", default: "100000"),
        ConfigurationKey("VESTIBULE_TOKEN_CACHE_MB", "their size at most, MiB; 0 is off", default: "128"),
        ConfigurationKey("VESTIBULE_PRINCIPAL_TTL", "upper bound of principal staleness, seconds", default: "30"),
        ConfigurationKey(
            "VESTIBULE_MAX_STALE", "how long known principals are served while the database is away, seconds",
            default: "300"),
        ConfigurationKey(
            "VESTIBULE_RATE_LIMIT", "requests a minute for one API key, user or client address; 0 is off",
            default: "6000"),
        ConfigurationKey(
            "VESTIBULE_UPKEEP", "seconds between rounds of upkeep; 0: this instance does none", default: "300"),
        ConfigurationKey(
            "VESTIBULE_AUDIT_DAYS", "days of the audit log that are kept, at least a year; 0: all", default: "0"),
        ConfigurationKey(
            "VESTIBULE_LOGIN_DAYS", "days of logins that are kept, at least thirty; 0: all", default: "400"),
        ConfigurationKey("REDIS_URL", "shares rate limits between instances", secret: true),
        ConfigurationKey("VESTIBULE_DNS_SERVER", "host:port for domain verification; else the system's resolver"),
    ]

    static let secrets = [
        ConfigurationKey(
            "VESTIBULE_ASSERTION_KEY",
            "PEM private keys (P-256 or Ed25519), newest first; the first signs internal assertion tokens", secret: true
        ),
        ConfigurationKey("VESTIBULE_ASSERTION_ISSUER", "`iss` of internal assertion tokens", default: "vestibule"),
        ConfigurationKey(
            "VESTIBULE_ASSERTION_AUDIENCE", "`aud` of internal assertion tokens", default: "internal"),
        ConfigurationKey(
            "VESTIBULE_ENCRYPTION_KEY", "32 bytes in base64, newest first, comma separated; seals stored secrets",
            secret: true),
    ]

    /// Those that SIGHUP puts to use; a change of any other needs a restart.
    static let reloadable: Set<String> = [
        "VESTIBULE_PUBLIC_URL", "ENVIRONMENT", "LOG_LEVEL", "CORS_ORIGINS", "VESTIBULE_METRICS_PEERS",
        "CLERK_SECRET_KEY",
        "CLERK_WEBHOOK_SECRET", "OKTA_WEBHOOK_SECRET", "VESTIBULE_CLOCK_SKEW", "VESTIBULE_UNPROVISIONED",
        "VESTIBULE_REQUIRE_VERIFIED_EMAIL", "VESTIBULE_LINK_BY_EMAIL", "VESTIBULE_TRUSTED_PROXIES",
        "VESTIBULE_BOOTSTRAP_TOKEN", "VESTIBULE_BOOTSTRAP_EMAILS", "VESTIBULE_SESSION_COOKIES",
        "VESTIBULE_AWS_SIMPLE_RESPONSES", "VESTIBULE_AWS_USAGE_KEY", "VESTIBULE_ORGS_CREATE", "VESTIBULE_ADMIN_MFA",
        "VESTIBULE_ADMIN_MAX_AGE", "VESTIBULE_RATE_LIMIT", "VESTIBULE_ASSERTION_KEY", "VESTIBULE_ASSERTION_ISSUER",
        "VESTIBULE_ASSERTION_AUDIENCE",
    ]

    static func named(_ name: String) -> ConfigurationKey? {
        byName[name]
    }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
