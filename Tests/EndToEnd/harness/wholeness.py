"""What must be true of the database whatever happened: everybody who is in is in wholly."""

#: Each gives the rows that are wrong.
RULES = {
    "a user without identity": "SELECT u.id FROM auth.users u WHERE NOT EXISTS ("
        "SELECT FROM external_identities e WHERE e.auth_user_id = u.id)",
    "a user without profile": "SELECT u.id FROM auth.users u WHERE NOT EXISTS (SELECT FROM profiles p WHERE p.user_id = u.id)",
    "a user without org": "SELECT u.id FROM auth.users u WHERE NOT EXISTS (SELECT FROM org_members m WHERE m.user_id = u.id)",
    "two users with one e-mail": "SELECT lower(email) FROM auth.users GROUP BY 1 HAVING count(*) > 1",
    "an identity without user": "SELECT e.id FROM external_identities e WHERE NOT EXISTS ("
        "SELECT FROM auth.users u WHERE u.id = e.auth_user_id)",
    "a profile without user": "SELECT p.user_id FROM profiles p WHERE NOT EXISTS (SELECT FROM auth.users u WHERE u.id = p.user_id)",
    "a current org that is not one's own": "SELECT p.user_id FROM profiles p WHERE current_org_id IS NULL OR NOT EXISTS ("
        "SELECT FROM org_members m WHERE m.user_id = p.user_id AND m.org_id = p.current_org_id)",
    "an accepted invite without membership": "SELECT i.id FROM org_invites i WHERE status = 'accepted' AND NOT EXISTS ("
        "SELECT FROM org_members m WHERE m.org_id = i.org_id AND m.user_id = i.accepted_by)",
    "a pending invite of somebody who is in": "SELECT i.id FROM org_invites i JOIN auth.users u ON lower(u.email) = lower(i.email)"
        " WHERE i.status = 'pending' AND i.expires_at > now()",
    "a newcomer who is not audited": "SELECT u.id FROM auth.users u WHERE NOT EXISTS (SELECT FROM audit_log l WHERE"
        " l.resource_type = 'user' AND l.resource_id = u.id::text AND l.action LIKE 'user.login.%%')",
    "a newcomer without event": "SELECT u.id FROM auth.users u WHERE NOT EXISTS (SELECT FROM auth_events a WHERE"
        " a.user_id = u.id AND a.outcome IN ('invite', 'domain', 'platform_owner'))",
    "more than one platform owner": "SELECT count(*) FROM profiles WHERE global_role = 'platform_owner' HAVING count(*) > 1",
    "an owner who is not written down": "SELECT user_id FROM profiles p WHERE global_role = 'platform_owner' AND NOT EXISTS ("
        "SELECT FROM platform_bootstrap b WHERE b.user_id = p.user_id)",
}


def flaws(database) -> dict:
    """The rules that do not hold, with what breaks them."""
    found = {what: database.rows(query.replace("%%", "%")) for what, query in RULES.items()}
    return {what: rows[:5] for what, rows in found.items() if rows}


def missing(database, acknowledged: dict) -> list:
    """Of those whom an answer has named, by identity's subject, whoever is not there as the answer said."""
    there = dict(database.rows("SELECT external_id, auth_user_id::text FROM external_identities"))
    return [(subject, user) for subject, user in acknowledged.items() if there.get(subject) != user]
