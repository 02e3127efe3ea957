-- The roles stay: they belong to the cluster, and other databases may use them. The schema goes only if it is ours.
DO $$
BEGIN
    IF obj_description('auth'::regnamespace, 'pg_namespace') = 'vestibule: made by its migrations' THEN
        DROP SCHEMA auth;
    END IF;
END
$$;
