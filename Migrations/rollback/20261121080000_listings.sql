DROP TRIGGER write_audit ON public.user_sessions;
DROP TRIGGER write_audit_of_new ON public.user_sessions;
DROP FUNCTION public.find_users(text, text);
DROP INDEX public.profiles_email_prefix_idx, public.profiles_full_name_prefix_idx, public.profiles_admins_idx,
    auth.users_inactive_idx, public.audit_log_action_idx, public.audit_log_request_id_idx, public.auth_events_org_id_idx,
    public.auth_events_outcome_idx, public.auth_events_email_idx;
