-- The roles of a database; run by its superuser, any number of times. docs/database.md gives them passwords.
SELECT format('CREATE ROLE %I NOLOGIN NOINHERIT', wanted)
FROM unnest(ARRAY['authenticated', 'service_role']) AS wanted
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) \gexec
-- The service's login has no right before it takes a role.
SELECT format('CREATE ROLE %I LOGIN %s', wanted, CASE wanted WHEN 'vestibule_service' THEN 'NOINHERIT' END)
FROM unnest(ARRAY['vestibule_owner', 'vestibule_service']) AS wanted
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) \gexec
GRANT authenticated TO service_role;
-- The owner of the tables: migrations run as this role, which is no superuser.
GRANT service_role, authenticated TO vestibule_owner WITH ADMIN OPTION;
-- What makes an import faster (docs/import.md).
SELECT 'GRANT SET ON PARAMETER session_replication_role TO vestibule_owner'
WHERE current_setting('server_version_num')::integer >= 150000 \gexec
-- The service at run time: it may become service_role, and owns nothing.
GRANT service_role TO vestibule_service;
