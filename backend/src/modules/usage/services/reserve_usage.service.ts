import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import { idFromUuid, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UsagePeriod } from '@raptscallions/zod-schemas/usage.zod';
import type { Db } from '../../../db/db';
import { prepareSql } from '../../../db/prepared_sql';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { costOf, countedIn, countSql, holdCounters, periodsOf } from '../counting_sql';

export type UsageAttempt = { tenantId: TenantId; runId: RichId<'run'>; attempt: number };

export type Reservation = UsageAttempt & {
  provider: 'practice' | 'gateway';
  /** as it is asked for */
  model: string;
  /** the most the call may use */
  promptTokens: number;
  completionTokens: number;
};

/** A limit that the call would go beyond. */
export type LimitMet = {
  groupId: GroupId;
  groupName: string;
  period: UsagePeriod;
  limit: number;
  /** what had been used or reserved before */
  used: number;
  periodStartsAt: number;
  /** the next stretch of time begins; milliseconds since 1970 */
  opensAt: number;
  timeZone: string;
};

/** $1 tenant, $2 run, $3 attempt, $4 model, $5 and $6 tokens of question and answer, $7 provider. */
const reserveSql = prepareSql(
  'reserve_usage',
  `
with zone as materialized (select time_zone from tenants where tenant_id = $1::uuid),
run as materialized (
  select r.user_id, r.class_id, v.tool_id, r.tool_version_id,
    coalesce(s.assignment_id, p.assignment_id) as assignment_id,
    coalesce(c.group_id, v.group_id, (
      select m.group_id from group_members m where m.tenant_id = $1::uuid and m.user_id = r.user_id
      order by m.created_at, m.group_id limit 1)) as group_id
  from runs r
  join tool_versions v on v.tenant_id = r.tenant_id and v.tool_version_id = r.tool_version_id
  left join classes c on c.tenant_id = r.tenant_id and c.class_id = r.class_id
  left join chat_sessions s on s.tenant_id = r.tenant_id and s.chat_session_id = r.chat_session_id
  left join product_results p on p.tenant_id = r.tenant_id and p.run_id = r.run_id
  where r.tenant_id = $1::uuid and r.run_id = $2::uuid
), cost as materialized (
  select coalesce((
    select ${costOf('$5', '$6')} from model_prices p
    where p.tenant_id = $1::uuid and p.model in ($4::text, '*') and $7::text = 'gateway'
    order by p.model = '*' limit 1), 0) as micros
), limited as materialized (
  select g.group_id, g.name, w.period, w.starts_at, w.most,
    case w.period when 'day' then $5::bigint + $6::bigint when 'month' then cost.micros else 1 end as amount
  from run
  join groups o on o.tenant_id = $1::uuid and o.group_id = run.group_id
  join groups g on g.tenant_id = $1::uuid and g.path @> o.path and g.deleted_at is null
  join usage_limits l on l.tenant_id = $1::uuid and l.group_id = g.group_id
  cross join cost cross join zone
  cross join lateral ${periodsOf('zone.time_zone')}
  where w.most is not null
), counted as (${countSql('limited', false)}
), entry as (
  insert into usage_entries (tenant_id, run_id, attempt, user_id, group_id, class_id, tool_id, tool_version_id,
    assignment_id, provider, model, reserved_tokens, reserved_micros, counted)
  select $1::uuid, $2::uuid, $3::int, run.user_id, run.group_id, run.class_id, run.tool_id, run.tool_version_id,
    run.assignment_id, $7::text, $4::text, $5::int + $6::int, cost.micros, coalesce((
      select jsonb_agg(jsonb_build_object('group_id', group_id, 'period', period, 'starts_at', starts_at))
      from counted), '[]')
  from run cross join cost
)
select l.group_id, l.name, l.period, l.most::float8, (c.used - l.amount)::float8 as used, c.used > l.most as met,
  extract(epoch from l.starts_at)::float8 * 1000 as starts_at, zone.time_zone,
  extract(epoch from (l.starts_at at time zone zone.time_zone + ('1 ' || l.period::text)::interval)
    at time zone zone.time_zone)::float8 * 1000 as opens_at
from limited l join counted c using (group_id, period, starts_at) cross join zone
order by opens_at desc, most`,
);

type Row = {
  group_id: string;
  name: string;
  period: UsagePeriod;
  most: number;
  used: number;
  met: boolean;
  starts_at: number;
  opens_at: number;
  time_zone: string;
};

/**
 * Counts a call before it is made, in the transaction that claims its run: in the ledger, and against the limits
 * of its group and of every group above. Two that come at once wait for each other at the counter, so the last
 * that fits is the last that passes. Nothing is counted when one of the limits is met.
 * The caller holds the counters, since an earlier statement of the transaction.
 * @returns the limit that opens last, and of two that open together the narrower; otherwise whether there is any limit at all
 */
export async function reserveUsage(
  db: Db,
  reservation: Reservation,
): Promise<{ met: LimitMet } | { met: null; limited: boolean }> {
  const { tenantId, runId, attempt, model, promptTokens, completionTokens, provider } = reservation;
  const rows = await runSql<Row>(db, reserveSql, [
    storedId(tenantId),
    storedId(runId),
    attempt,
    model,
    promptTokens,
    completionTokens,
    provider,
  ]);
  const met = rows.find((row) => row.met);
  if (!met) return { met: null, limited: rows.length > 0 };
  await releaseUsage(db, reservation);
  return {
    met: {
      groupId: idFromUuid('group', met.group_id),
      groupName: met.name,
      period: met.period,
      limit: met.most,
      used: met.used,
      periodStartsAt: met.starts_at,
      opensAt: met.opens_at,
      timeZone: met.time_zone,
    },
  };
}

const releaseSql = prepareSql(
  'release_usage',
  `
with gone as (
  delete from usage_entries
  where tenant_id = $1::uuid and run_id = $2::uuid and attempt = $3::int and settled_at is null
  returning counted, reserved_tokens, reserved_micros
), amounts as (
  select c.group_id, c.period, c.starts_at,
    case c.period when 'day' then -gone.reserved_tokens when 'month' then -gone.reserved_micros else -1 end as amount
  from gone cross join lateral ${countedIn('gone.counted')}
)
${countSql('amounts', false)}`,
);

/** Takes a reservation back: the call was not made. Settled already is done. */
export async function releaseUsage(db: Db, { tenantId, runId, attempt }: UsageAttempt): Promise<void> {
  await holdCounters(db, tenantId, 'many');
  await runSql(db, releaseSql, [storedId(tenantId), storedId(runId), attempt]);
}
