"""Very many rows in every table that is listed, a part of them in one org."""

import uuid

from .database import Database


def fill(database: Database, org: str, rows: int):
    """So many people, orgs, members, invites, domains and lines in the logs; a tenth of them of the given org."""
    own = f"CASE WHEN i % 10 = 0 THEN '{org}'::uuid ELSE md5('o' || (1 + i % {max(rows // 10, 1)}))::uuid END"
    moment = "now() - i * interval '1 second'"
    with database.superuser.cursor() as cursor:
        # A bulk load: neither triggers nor foreign keys.
        cursor.execute("SET session_replication_role = replica")
        for table, columns, values in (
                ("auth.users", "id, email, created_at, updated_at",
                 f"md5('p' || i)::uuid, 'p' || i || '@many.example', {moment}, now()"),
                ("profiles", "user_id, email, full_name",
                 "md5('p' || i)::uuid, 'p' || i || '@many.example', 'Person ' || i"),
                ("external_identities", "auth_user_id, provider_name, issuer, external_id",
                 "md5('p' || i)::uuid, 'okta', 'https://idp.example', 'p' || i"),
                ("org", "id, name, slug, created_at", f"md5('o' || i)::uuid, 'o', 'o' || i, {moment}"),
                ("org_members", "org_id, user_id, created_at", f"{own}, md5('p' || i)::uuid, {moment}"),
                ("org_invites", "org_id, email, created_at", f"{own}, 'i' || i || '@many.example', {moment}"),
                ("org_email_domains", "org_id, domain, created_at", f"{own}, 'd' || i || '.example', {moment}"),
                ("audit_log", "actor_id, action, resource_type, resource_id, org_id, created_at",
                 f"md5('p' || i)::uuid, 'org.update', 'org', i::text, {own}, {moment}"),
                ("auth_events", "event, outcome, user_id, email, created_at",
                 f"'login', 'existing', md5('p' || i)::uuid, 'p' || i || '@many.example', {moment}"),
                ("platform_idp_audit_log", "provider, action, created_at", f"'okta', 'update', {moment}")):
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {values} FROM generate_series(1, {rows}) i")
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def acquaint(database: Database, issuer, slug: str, count: int) -> list:
    """So many people whom the issuer knows, all in an org of this slug; their e-mails."""
    org = database.org(slug)
    emails = [f"person{n:06}@{slug}.example" for n in range(count)]
    with database.superuser.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE people (id uuid, email text, subject text)")
        with cursor.copy("COPY people FROM STDIN") as copy:
            for email in emails:
                copy.write_row((uuid.uuid4(), email, issuer.subject(email)))
        # A bulk load: neither triggers nor foreign keys.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("INSERT INTO auth.users (id, email) SELECT id, email FROM people")
        cursor.execute("INSERT INTO profiles (user_id, email, current_org_id) SELECT id, email, %s FROM people", [org])
        cursor.execute("INSERT INTO org_members (org_id, user_id) SELECT %s, id FROM people", [org])
        cursor.execute("INSERT INTO external_identities (auth_user_id, provider_name, issuer, external_id) "
                       "SELECT id, %s, %s, subject FROM people", [issuer.shape, issuer.url])
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("DROP TABLE people")
        cursor.execute("VACUUM ANALYZE")
    return emails
