/**
 * The default privileges give every table to both roles; these are not the app's to read. Sign-in data is
 * asked for by the system role only, and the audit trail may grow but never change.
 */
export const revokeSql = `
revoke all on public.auth_users, public.auth_sessions, public.auth_accounts, public.auth_verifications from rapt_app;
revoke all on public.cron_slots, public.sync_marks, public.pg_tbus_task_log, public.rate_limits from rapt_app;
revoke insert, update, delete on public.sync_entry, public.sync_epoch from rapt_app;
revoke update, delete on public.transcript_views, public.product_views, public.run_original_views,
  public.run_prompt_views, public.audit_entries, public.erasures from rapt_app;
`;
