internal import Accounts
internal import Base
internal import Postgres
internal import Tokens

/// The statements of administrators about identity providers.
enum ProviderAdminStatements {
    static let isAdmin = Statement<Bool>("is_global_admin", "SELECT public.is_global_admin()") { row in
        try row.bool(0)
    }

    static let records = Statement<ProviderRecord?>(
        "provider_records",
        """
        SELECT provider, issuer, client_id, audience, publishable_key, settings, accept_tokens, is_active, grace_until,
            version, sealed_secrets, created_at, updated_at, updated_by
        FROM public.platform_idp_config ORDER BY provider
        """
    ) { row in try record(row) }

    static let write = Statement<ProviderRecord?>(
        "provider_write",
        """
        INSERT INTO public.platform_idp_config (provider, issuer, client_id, audience, publishable_key, settings,
            sealed_secrets, accept_tokens, created_by, updated_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
        ON CONFLICT (provider) DO UPDATE SET issuer = excluded.issuer, client_id = excluded.client_id,
            audience = excluded.audience, publishable_key = excluded.publishable_key, settings = excluded.settings,
            sealed_secrets = excluded.sealed_secrets, accept_tokens = excluded.accept_tokens, updated_by = $9
        RETURNING provider, issuer, client_id, audience, publishable_key, settings, accept_tokens, is_active,
            grace_until, version, sealed_secrets, created_at, updated_at, updated_by
        """
    ) { row in try record(row) }

    /// Whether a provider is active, and whether the platform ever had an owner.
    static let standing = Statement<ProviderSetup.Standing>(
        "provider_standing",
        """
        SELECT EXISTS (SELECT FROM public.platform_idp_config WHERE is_active),
            EXISTS (SELECT FROM public.platform_bootstrap)
                OR EXISTS (SELECT FROM public.profiles WHERE global_role = 'platform_owner')
        """
    ) { row in
        ProviderSetup.Standing(hasProvider: try row.bool(0), hasOwner: try row.bool(1))
    }

    static let retire = Statement(
        "provider_retire",
        """
        UPDATE public.platform_idp_config SET is_active = false, grace_until = $1, updated_by = $2 WHERE is_active
        """)

    static let activate = Statement<ProviderRecord?>(
        "provider_activate",
        """
        UPDATE public.platform_idp_config SET is_active = true, grace_until = NULL, updated_by = $2 WHERE provider = $1
        RETURNING provider, issuer, client_id, audience, publishable_key, settings, accept_tokens, is_active,
            grace_until, version, sealed_secrets, created_at, updated_at, updated_by
        """
    ) { row in try record(row) }

    static let publicActive = Statement<ProviderConfiguration?>(
        "provider_public",
        "SELECT provider, issuer, client_id, audience, publishable_key FROM public.get_active_idp_config()"
    ) { row in
        guard let name = ProviderName(rawValue: try row.text(0)) else { return nil }
        return ProviderConfiguration(
            provider: name, issuer: try row.text(1), clientID: try row.optionalText(2),
            audiences: try row.textArray(3), publishableKey: try row.optionalText(4), isActive: true)
    }

    static let audit = Statement<ProviderAuditEntry>(
        "provider_audit",
        """
        SELECT id, provider, action, actor_id, before, after, request_id, host(client_address), created_at
        FROM public.platform_idp_audit_log ORDER BY created_at DESC, id DESC LIMIT $1::bigint OFFSET $2::bigint
        """
    ) { row in
        ProviderAuditEntry(
            id: try row.uuid(0), provider: try row.text(1), action: try row.text(2), actorID: try row.optionalUUID(3),
            before: try row.optionalJSON(4), after: try row.optionalJSON(5), requestID: try row.optionalText(6),
            clientAddress: try row.optionalText(7), createdAt: try row.timestamp(8))
    }

    @Sendable private static func record(_ row: borrowing RowReader) throws(RowError) -> ProviderRecord? {
        guard var configuration = try ProviderStatements.configuration(row) else { return nil }
        configuration.sealedSecrets = ProviderSettings.secrets(try row.json(10))
        return ProviderRecord(
            configuration: configuration, createdAt: try row.timestamp(11), updatedAt: try row.timestamp(12),
            updatedBy: try row.optionalUUID(13))
    }
}
