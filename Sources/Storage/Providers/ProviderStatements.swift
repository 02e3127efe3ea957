internal import Accounts
internal import Base
internal import Postgres
internal import Tokens

/// The statements about identity providers.
enum ProviderStatements {
    static let all = Statement<ProviderConfiguration?>(
        "providers",
        """
        SELECT provider, issuer, client_id, audience, publishable_key, settings, accept_tokens, is_active, grace_until,
            version, sealed_secrets
        FROM public.platform_idp_config ORDER BY provider
        """
    ) { row in
        guard var configuration = try configuration(row) else { return nil }
        configuration.sealedSecrets = ProviderSettings.secrets(try row.json(10))
        return configuration
    }

    /// The first ten columns of a provider's row.
    static func configuration(_ row: borrowing RowReader) throws(RowError) -> ProviderConfiguration? {
        guard let name = ProviderName(rawValue: try row.text(0)) else { return nil }
        var configuration = ProviderConfiguration(
            provider: name, issuer: try row.text(1), clientID: try row.optionalText(2),
            audiences: try row.textArray(3), publishableKey: try row.optionalText(4),
            acceptsTokens: try row.bool(6), isActive: try row.bool(7), graceUntil: try row.optionalTimestamp(8),
            version: try row.int(9))
        ProviderSettings.read(try row.json(5), into: &configuration)
        return configuration
    }

    /// Secrets that were sealed anew with the newest key, unless somebody has changed them meanwhile.
    static let reseal = Statement(
        "provider_reseal",
        "UPDATE public.platform_idp_config SET sealed_secrets = $3 WHERE provider = $1 AND version = $2")

    /// Several instances may start at once.
    static let lock = Statement(
        "provider_seed_lock", "SELECT pg_advisory_xact_lock(hashtextextended('vestibule:providers', 0))")

    static let seed = Statement(
        "provider_seed",
        """
        INSERT INTO public.platform_idp_config (provider, issuer, client_id, audience, publishable_key, settings,
            accept_tokens)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
        """)

    static let activateFirst = Statement(
        "provider_activate_first",
        """
        UPDATE public.platform_idp_config SET is_active = true, version = version + 1
        WHERE provider = $1 AND NOT EXISTS (SELECT FROM public.platform_idp_config WHERE is_active)
        """)
}
