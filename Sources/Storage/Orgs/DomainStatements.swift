internal import Accounts
internal import Base
internal import Postgres

/// The statements about e-mail domains; run as the caller, but for the proof.
enum DomainStatements {
    static let list = Statement<OrgDomain>(
        "domain_list",
        """
        SELECT id, org_id, domain, auto_provision, default_role, is_verified, verified_at, missing_since, verification_token,
            created_at, updated_at
        FROM public.org_email_domains
        WHERE org_id = $1 AND ($2::boolean IS NULL OR is_verified = $2) ORDER BY created_at, id LIMIT $3 OFFSET $4
        """
    ) { row in try domain(row) }

    static let get = Statement<OrgDomain>(
        "domain_get",
        """
        SELECT id, org_id, domain, auto_provision, default_role, is_verified, verified_at, missing_since, verification_token,
            created_at, updated_at
        FROM public.org_email_domains WHERE org_id = $1 AND id = $2
        """
    ) { row in try domain(row) }

    static let create = Statement<OrgDomain>(
        "domain_create",
        """
        INSERT INTO public.org_email_domains (id, org_id, domain, auto_provision, default_role, verification_token,
            created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        RETURNING id, org_id, domain, auto_provision, default_role, is_verified, verified_at, missing_since, verification_token,
            created_at, updated_at
        """
    ) { row in try domain(row) }

    static let update = Statement<OrgDomain>(
        "domain_update",
        """
        UPDATE public.org_email_domains SET auto_provision = coalesce($3, auto_provision),
            default_role = coalesce($4, default_role), updated_by = $5
        WHERE org_id = $1 AND id = $2 AND ($6::timestamptz IS NULL OR updated_at = $6)
        RETURNING id, org_id, domain, auto_provision, default_role, is_verified, verified_at, missing_since, verification_token,
            created_at, updated_at
        """
    ) { row in try domain(row) }

    static let delete = Statement<EntityID>(
        "domain_delete", "DELETE FROM public.org_email_domains WHERE org_id = $1 AND id = $2 RETURNING id"
    ) { row in try row.uuid(0) }

    /// Whether the caller manages the org's domains.
    static let isManaged = Statement<Bool>(
        "domain_is_managed", "SELECT public.has_org_admin_access($1)"
    ) { row in try row.bool(0) }

    /// As the service: nobody may say of their own domain that it is proven.
    static let verify = Statement<OrgDomain>(
        "domain_verify",
        """
        UPDATE public.org_email_domains SET is_verified = true, verified_at = coalesce(verified_at, now()),
            checked_at = now(), failed_checks = 0, missing_since = NULL, updated_by = $3
        WHERE org_id = $1 AND id = $2 AND public.has_org_admin_access(org_id)
        RETURNING id, org_id, domain, auto_provision, default_role, is_verified, verified_at, missing_since, verification_token,
            created_at, updated_at
        """
    ) { row in try domain(row) }

    private static func domain(_ row: borrowing RowReader) throws -> OrgDomain {
        OrgDomain(
            id: try row.uuid(0), orgID: try row.uuid(1), domain: try row.text(2), autoProvision: try row.bool(3),
            defaultRole: OrgRole(rawValue: try row.text(4)) ?? .user, isVerified: try row.bool(5),
            verifiedAt: try row.optionalTimestamp(6), missingSince: try row.optionalTimestamp(7),
            verificationToken: try row.text(8), createdAt: try row.timestamp(9), updatedAt: try row.timestamp(10))
    }
}
