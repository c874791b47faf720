import type { UsageSetLimitsInputZod } from '@raptscallions/zod-schemas/usage.zod';
import type { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { stored, storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { CommandContext } from '../../../procedures/context';
import { holdCounters, periodsOf } from '../counting_sql';
import { checkUsageRight } from './check_usage_right.service';

/**
 * Counters of group $2 of tenant $1 out of the ledger, since calls of an unlimited group are counted there only;
 * what is still open is told of them, so that its settlement finds them.
 */
const recountSql = `
with stretch as materialized (
  select w.period, w.starts_at
  from usage_limits l
  cross join (select time_zone from tenants where tenant_id = $1::uuid) zone
  cross join lateral ${periodsOf('zone.time_zone')}
  where l.tenant_id = $1::uuid and l.group_id = $2::uuid and w.most is not null
), entry as materialized (
  select e.* from usage_entries e
  join groups g on g.tenant_id = e.tenant_id and g.group_id = e.group_id
  where e.tenant_id = $1::uuid and e.created_at >= (select min(starts_at) from stretch)
    and g.path <@ (select path from groups where tenant_id = $1::uuid and group_id = $2::uuid)
), told as (
  update usage_entries e set counted = e.counted || added.counted
  from (
    select entry.run_id, entry.attempt, jsonb_agg(
      jsonb_build_object('group_id', $2::uuid, 'period', stretch.period, 'starts_at', stretch.starts_at)) as counted
    from entry join stretch on entry.created_at >= stretch.starts_at
    where entry.settled_at is null and not exists (
      select from jsonb_to_recordset(entry.counted) as c(group_id uuid, period usage_period, starts_at timestamptz)
      where c.group_id = $2::uuid and c.period = stretch.period and c.starts_at = stretch.starts_at)
    group by entry.run_id, entry.attempt
  ) added
  where e.tenant_id = $1::uuid and e.run_id = added.run_id and e.attempt = added.attempt
)
insert into usage_counters (tenant_id, group_id, period, starts_at, used)
select $1::uuid, $2::uuid, stretch.period, stretch.starts_at, coalesce(sum(case stretch.period
    when 'day' then case when entry.settled_at is null then entry.reserved_tokens
      else entry.prompt_tokens + entry.completion_tokens end
    when 'month' then case when entry.settled_at is null then entry.reserved_micros else entry.cost_micros end
    else 1 end) filter (where entry.run_id is not null), 0)
from stretch left join entry on entry.created_at >= stretch.starts_at
group by stretch.period, stretch.starts_at
on conflict (tenant_id, group_id, period, starts_at) do update
  set used = excluded.used, alerted_at = null, updated_at = now()`;

/**
 * Sets what a group may use, and which models. A limit counts from the beginning of the running minute, hour, day
 * and month, also when it is set in the middle of them.
 * @throws AppError NOT_FOUND for a group the actor does not look after
 */
export async function setLimits(
  ctx: CommandContext,
  { groupId, limits, enabledModels }: z.output<typeof UsageSetLimitsInputZod>,
): Promise<void> {
  const { db, tenantId } = ctx;
  checkUsageRight(ctx, 'update', groupId);
  const group = await db.groups.findByOptional(stored({ tenantId, groupId })).forUpdate();
  if (!group) throw new AppError('NOT_FOUND');
  const settings = { ...group.settings, enabledModels: enabledModels ?? undefined };
  if (JSON.stringify(settings) !== JSON.stringify(group.settings))
    await db.groups.where(stored({ tenantId, groupId })).update({ settings });
  await holdCounters(db, tenantId, 'alone');
  const { callsPerMinute, callsPerHour, tokensPerDay, monthlyBudgetMicros } = limits;
  await db.usageLimits
    .create({
      tenantId,
      groupId,
      callsPerMinute,
      callsPerHour,
      tokensPerDay: tokensPerDay === null ? null : String(tokensPerDay),
      monthlyBudgetMicros: monthlyBudgetMicros === null ? null : String(monthlyBudgetMicros),
    })
    .onConflict(['tenantId', 'groupId'])
    .merge(['callsPerMinute', 'callsPerHour', 'tokensPerDay', 'monthlyBudgetMicros']);
  await runSql(db, recountSql, [storedId(tenantId), storedId(groupId)]);
}
