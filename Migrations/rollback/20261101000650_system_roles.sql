DELETE FROM public.roles WHERE is_system AND org_id IS NULL AND code IN ('org_user', 'org_admin', 'org_owner');
DELETE FROM public.permissions WHERE code IN ('org:read', 'org:update', 'org:delete', 'members:read', 'members:manage',
    'invites:read', 'invites:manage', 'domains:read', 'domains:manage', 'audit:read');
