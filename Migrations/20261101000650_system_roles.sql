-- The roles that memberships have, as roles that permissions hang on, and the permissions of Vestibule's own resources.
-- Those of the platform's modules are theirs to add. Made before there is an audit trail, which is for people's changes.
INSERT INTO public.permissions (code, description) VALUES
    ('org:read', 'See the organization'),
    ('org:update', 'Change the organization'),
    ('org:delete', 'Delete the organization'),
    ('members:read', 'See the members'),
    ('members:manage', 'Add, change and remove members'),
    ('invites:read', 'See the invites'),
    ('invites:manage', 'Invite, resend and revoke'),
    ('domains:read', 'See the e-mail domains'),
    ('domains:manage', 'Add, verify and remove e-mail domains'),
    ('audit:read', 'Read the organization''s audit log')
ON CONFLICT (code) DO NOTHING;

INSERT INTO public.roles (code, name, is_system) VALUES
    ('org_user', 'Member', true), ('org_admin', 'Administrator', true), ('org_owner', 'Owner', true)
ON CONFLICT (code) WHERE org_id IS NULL DO NOTHING;

INSERT INTO public.role_permissions (role_id, permission_id)
SELECT r.id, p.id FROM public.roles r JOIN public.permissions p ON p.code = ANY (
    ARRAY['org:read', 'members:read', 'invites:read', 'domains:read']
    || CASE WHEN r.code IN ('org_admin', 'org_owner')
        THEN ARRAY['org:update', 'members:manage', 'invites:manage', 'domains:manage', 'audit:read'] ELSE '{}' END
    || CASE r.code WHEN 'org_owner' THEN ARRAY['org:delete'] ELSE '{}' END)
WHERE r.is_system AND r.org_id IS NULL AND r.code IN ('org_user', 'org_admin', 'org_owner')
ON CONFLICT (role_id, permission_id) DO NOTHING;
