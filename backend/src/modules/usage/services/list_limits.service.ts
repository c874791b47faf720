import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import type { UsageGroupInputZod, UsageLimitList, UsagePeriod } from '@raptscallions/zod-schemas/usage.zod';
import type { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import type { ReadContext } from '../../../procedures/context';
import { periodsOf } from '../counting_sql';
import { checkUsageRight } from './check_usage_right.service';

const listSql = `
  select g.group_id, g.name, zone.time_zone, l.calls_per_minute, l.calls_per_hour,
    l.tokens_per_day::float8 as tokens_per_day, l.monthly_budget_micros::float8 as monthly_budget_micros,
    g.settings->'enabledModels' as enabled_models, counters.*
  from groups o
  join groups g on g.tenant_id = $1 and g.path @> o.path and g.deleted_at is null
  cross join (select time_zone from tenants where tenant_id = $1) zone
  left join usage_limits l on l.tenant_id = $1 and l.group_id = g.group_id
  cross join lateral (
    select jsonb_object_agg(w.period, coalesce(u.used, 0)) filter (where w.most is not null) as used,
      extract(epoch from max(u.alerted_at))::float8 * 1000 as alerted_at
    from ${periodsOf('zone.time_zone')}
    left join usage_counters u on u.tenant_id = $1 and u.group_id = g.group_id and u.period = w.period
      and u.starts_at = w.starts_at
  ) counters
  where o.tenant_id = $1 and o.group_id = $2
  order by nlevel(g.path)`;

type Row = {
  group_id: string;
  name: string;
  time_zone: string;
  calls_per_minute: number | null;
  calls_per_hour: number | null;
  tokens_per_day: number | null;
  monthly_budget_micros: number | null;
  enabled_models: string[] | null;
  used: Partial<Record<UsagePeriod, number>> | null;
  alerted_at: number | null;
};

/** What holds for a group: its own limits and models and those of every group above it, with what is used. */
export async function listLimits(
  ctx: Pick<ReadContext, 'tenantId' | 'actor' | 'dbRO'>,
  { groupId }: z.output<typeof UsageGroupInputZod>,
): Promise<UsageLimitList> {
  checkUsageRight(ctx, 'read', groupId);
  const rows = await runSql<Row>(ctx.dbRO, listSql, [storedId(ctx.tenantId), storedId(groupId)]);
  return {
    __type: 'UsageLimitList',
    timeZone: rows[0]?.time_zone ?? 'UTC',
    items: rows.map(({ used, ...row }) => ({
      groupId: idFromUuid('group', row.group_id),
      name: row.name,
      limits: {
        callsPerMinute: row.calls_per_minute,
        callsPerHour: row.calls_per_hour,
        tokensPerDay: row.tokens_per_day,
        monthlyBudgetMicros: row.monthly_budget_micros,
      },
      used: {
        minute: used?.minute ?? null,
        hour: used?.hour ?? null,
        day: used?.day ?? null,
        month: used?.month ?? null,
      },
      alertedAt: row.alerted_at === null ? null : Math.floor(row.alerted_at),
      enabledModels: row.enabled_models,
    })),
  };
}
