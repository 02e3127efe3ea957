internal import API
internal import Accounts
internal import Base
internal import Gateway
internal import Outbound
internal import Postgres
internal import Tokens

/// The whole configuration, checked.
struct Configuration: Sendable {
    /// How the connections reach the database.
    enum Pooler: String, Sendable, CaseIterable {
        case none, transaction
    }

    var databaseURI: ConnectionURI?
    var databaseAdminURI: ConnectionURI?
    var databaseReadURI: ConnectionURI?
    var databaseDirectURI: ConnectionURI?
    var databaseConnections = 16
    var pooler = Pooler.none
    var readPooler = Pooler.none

    var listen = "127.0.0.1:8080"
    var tlsCertificate: String?
    var tlsKey: String?
    var threads = 1
    var migrateOnStart = false
    var migrations = "Migrations"
    var console = "Console"
    var publicURL = ""
    var environment = "dev"
    var logLevel = LogLevel.info
    var logFormat = LogFormat.json
    var corsOrigins: [String] = []
    var metricsPeers: [CIDR] = []

    /// Providers that the environment names; they seed the database's configuration at first start.
    var seeds: [ProviderConfiguration] = []
    var activeProvider: Provider?
    /// Key sets from files, by issuer.
    var preloadedKeys: [String: KeySet] = [:]
    var clerkPublishableKey: String?
    var clerkSecretKey: Secret?
    var clerkAPI = "https://api.clerk.com"
    var clerkWebhookSecrets: [Secret] = []
    var oktaWebhookSecrets: [Secret] = []
    var allowsHTTPIssuers = false
    var providerAuthorities: String?

    var clockSkew: Int64 = 60
    var unprovisioned = UnprovisionedMode.provision
    var requiresVerifiedEmail = true
    var linksByEmail = false
    var trustedProxies: [CIDR] = []
    var bootstrapToken: Secret?
    var bootstrapEmails: [EmailAddress] = []
    var sessionCookies: [String] = []
    var orgsNeedPlatformAdmin = false
    var adminRules = AdminRules()
    var aws = AWSSettings()
    var routes: [UInt8]?
    /// The same, compiled.
    var routeRules = RouteRules.none

    var tokenCacheEntries = 100_000
    var tokenCacheMebibytes = 128
    var principalTTL: Int64 = 30
    var maxStale: Int64 = 300
    var rateLimit = 6000
    var upkeepSeconds: Int64 = 300
    /// How many days of the logs are kept; nil: all.
    var auditDays: Int64?
    var loginDays: Int64?
    var redisURL: RedisURL?
    var dnsServer: String?
    /// The first signs; tokens of the others, its forerunners, are still believed.
    var assertionKeys: [SigningKey] = []
    var assertionIssuer = "vestibule"
    var assertionAudience = "internal"
    var encryptionKeys: [Secret] = []

    /// Nil where nothing is traced.
    var traces: Traces?

    /// What `config print` shows and where each value came from.
    var sources: [String: ConfigurationValue] = [:]
}
