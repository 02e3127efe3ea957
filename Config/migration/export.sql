-- Lines for `vestibule import` from the tables of the platform as it was: psql "$OLD" -X -Atq -f export.sql >people.ndjson
--
-- The names are those of a platform with auth.users, external_identities, profiles, org and org_members. Where yours differ,
-- change this one query: a line for each person and org, and one for each person without any. Only reads.
SELECT json_strip_nulls(json_build_object(
    'subject', identity.external_id,
    'email', users.email,
    'full_name', profile.full_name,
    'first_name', profile.first_name,
    'last_name', profile.last_name,
    'org_slug', org.slug,
    -- Roles of other names are mapped here: CASE member.role WHEN 'owner' THEN 'org_owner' … END
    'role', member.role))
FROM auth.users AS users
LEFT JOIN external_identities AS identity ON identity.auth_user_id = users.id
LEFT JOIN profiles AS profile ON profile.user_id = users.id
LEFT JOIN org_members AS member ON member.user_id = users.id
LEFT JOIN org ON org.id = member.org_id
WHERE users.email IS NOT NULL
    -- Who was locked out there is not let in here.
    AND coalesce((to_jsonb(users) ->> 'is_active')::boolean, true)
    AND profile.deleted_at IS NULL
ORDER BY users.created_at, users.id, org.slug;
