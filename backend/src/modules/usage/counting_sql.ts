import { uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../db/db';
import { runSql } from '../../db/run_sql';

const lockClass = 7_263_010;

/**
 * Runs that count are many at a time; whoever makes counters anew is alone, so that nothing is counted twice or
 * not at all. Until the transaction ends; of this tenant only.
 */
export async function holdCounters(db: Db, tenantId: TenantId, how: 'many' | 'alone'): Promise<void> {
  const lock = how === 'many' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await runSql(db, `select ${lock}($1::int, hashtext($2))`, [lockClass, uuidFromId('tenant', tenantId)]);
}

/** The same for many, of tenant $1, as a part of a longer statement that comes before the one that counts. */
export const holdCountersSql = `pg_advisory_xact_lock_shared(${lockClass}, hashtext($1::uuid::text))`;

/**
 * Adds `amounts` (group_id, period, starts_at, amount) to the counters of tenant $1, always in the same order, so
 * that no two wait for each other. Answers with what they hold then.
 * @param alert whether a day or month that has come to nine tenths is marked; `crossed` says that it was now
 */
export const countSql = (amounts: string, alert: boolean) => `
  insert into usage_counters as u (tenant_id, group_id, period, starts_at, used)
  select $1::uuid, group_id, period, starts_at, amount from ${amounts} order by group_id, period, starts_at
  on conflict (tenant_id, group_id, period, starts_at) do update
    set used = u.used + excluded.used, updated_at = now()${alert ? `, alerted_at = ${alertSql}` : ''}
  returning u.group_id, u.period, u.starts_at, u.used, ${alert ? 'coalesce(u.alerted_at = now(), false)' : 'false'} as crossed`;

const alertSql = `case
  when u.alerted_at is null and u.period in ('day', 'month') and (u.used + excluded.used) * 10 >= 9 * (
    select case u.period when 'day' then l.tokens_per_day else l.monthly_budget_micros end
    from usage_limits l where l.tenant_id = u.tenant_id and l.group_id = u.group_id)
  then now() else u.alerted_at end`;

/** The counters an entry was added to, out of its column. */
export const countedIn = (column: string) =>
  `jsonb_to_recordset(${column}) as c(group_id uuid, period usage_period, starts_at timestamptz)`;

/** The limits of `l` as rows w: what the running stretch of each kind began with and may use at most. */
export const periodsOf = (timeZone: string) => `(values
  ('minute'::usage_period, date_trunc('minute', now()), l.calls_per_minute::bigint),
  ('hour', date_trunc('hour', now()), l.calls_per_hour),
  ('day', date_trunc('day', now(), ${timeZone}), l.tokens_per_day),
  ('month', date_trunc('month', now(), ${timeZone}), l.monthly_budget_micros)
) w(period, starts_at, most)`;

/** The price of `tokens` in micros, rounded up: `prompt` and `completion` are SQL for how many of either. */
export const costOf = (prompt: string, completion: string) =>
  `ceil((${prompt}::numeric * p.prompt_micros + ${completion}::numeric * p.completion_micros) / 1000000)::bigint`;
