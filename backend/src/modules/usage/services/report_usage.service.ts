import { groupId } from '@raptscallions/zod-schemas/group.zod';
import {
  type UsageBreakdownInputZod,
  type UsageBreakdownZod,
  type UsageBy,
  type UsageOverview,
  type UsageOverviewInputZod,
  type UsageRow,
  usageBy,
} from '@raptscallions/zod-schemas/usage.zod';
import { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { decodeListCursor, encodeListCursor } from '../../../lib/list_cursor';
import type { CommandReadContext } from '../../../procedures/context';
import { checkUsageRight } from './check_usage_right.service';

/**
 * Settled calls of group $2 and all below it, archived groups too, in the last $3 days by the school's clock. The
 * groups are resolved once: their paths have no index behind the wall.
 */
const entries = `
zone as materialized (select time_zone from tenants where tenant_id = $1::uuid),
span as materialized (
  select date_trunc('day', now(), time_zone) as today,
    (date_trunc('day', now() at time zone time_zone) - ($3::int - 1) * interval '1 day') at time zone time_zone as begins
  from zone
), below as materialized (
  select g.group_id from groups g join groups o on o.tenant_id = g.tenant_id and g.path <@ o.path
  where g.tenant_id = $1::uuid and o.group_id = $2::uuid
), entry as (
  select e.* from usage_entries e
  where e.tenant_id = $1::uuid and e.created_at >= (select begins from span) and e.settled_at is not null
    and e.group_id in (select group_id from below)
)`;

const sums = `count(e.run_id)::float8 as calls, coalesce(sum(e.prompt_tokens), 0)::float8 as "promptTokens",
  coalesce(sum(e.completion_tokens), 0)::float8 as "completionTokens", coalesce(sum(e.cost_micros), 0)::float8 as "costMicros"`;

const daysSql = `
with ${entries}
select to_char(d.day, 'YYYY-MM-DD') as day, ${sums}
from zone cross join span
cross join lateral generate_series(span.begins at time zone time_zone, span.today at time zone time_zone,
  interval '1 day') as d(day)
left join entry e on (e.created_at at time zone time_zone)::date = d.day::date
group by d.day order by d.day`;

const peopleSql = `with ${entries} select count(distinct e.user_id)::float8 as people from entry e`;

type Sums = Omit<UsageRow, '__type' | 'name'>;

/** What a group and all below it used, day by day. @throws AppError NOT_FOUND */
export async function readOverview(
  ctx: CommandReadContext,
  { groupId, days }: z.output<typeof UsageOverviewInputZod>,
): Promise<UsageOverview> {
  checkUsageRight(ctx, 'read', groupId);
  const values = [storedId(ctx.tenantId), storedId(groupId), days];
  const rows = await runSql<Sums & { day: string }>(ctx.dbRO, daysSql, values);
  const [counted] = await runSql<{ people: number }>(ctx.dbRO, peopleSql, values);
  const sum = (of: (row: Sums) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    __type: 'UsageOverview',
    days: rows.map(({ day, calls, promptTokens, completionTokens, costMicros }) => ({
      day,
      calls,
      tokens: promptTokens + completionTokens,
      costMicros,
    })),
    calls: sum(({ calls }) => calls),
    people: counted?.people ?? 0,
    promptTokens: sum(({ promptTokens }) => promptTokens),
    completionTokens: sum(({ completionTokens }) => completionTokens),
    costMicros: sum(({ costMicros }) => costMicros),
  };
}

/** For each way of looking: what makes a row, and its name. */
const ways: Record<UsageBy, { key: string; name: string }> = {
  class: {
    key: 'e.class_id::text',
    name: 'select name from classes where tenant_id = $1::uuid and class_id = r.key::uuid',
  },
  tool: {
    key: 'e.tool_id::text',
    name: 'select name from tools where tenant_id = $1::uuid and tool_id = r.key::uuid',
  },
  person: {
    key: 'e.user_id::text',
    name: 'select name from users where tenant_id = $1::uuid and user_id = r.key::uuid',
  },
  assignment: {
    key: 'e.assignment_id::text',
    name: 'select title from assignments where tenant_id = $1::uuid and assignment_id = r.key::uuid',
  },
  group: {
    key: 'e.group_id::text',
    name: 'select name from groups where tenant_id = $1::uuid and group_id = r.key::uuid',
  },
  model: { key: 'e.model', name: 'select r.key' },
};

const breakdownSql = ({ key, name }: { key: string; name: string }) => `
with ${entries}, r as (
  select coalesce(${key}, '') as key, ${sums} from entry e group by 1
)
select r.*, case when r.key <> '' then (${name}) end as name from r
where $4::float8 is null or ("costMicros", calls, key) < ($4::float8, $5::float8, $6::text)
order by "costMicros" desc, calls desc, key desc limit $7::int`;

const PlaceZod = z.object({
  groupId,
  days: z.int().min(1).max(366),
  by: usageBy,
  limit: z.int().min(1).max(200),
  after: z.tuple([z.number(), z.number(), z.string().max(200)]).optional(),
});

/** The same by class, tool, person, assignment, model or group; what costs most first. @throws AppError NOT_FOUND */
export async function listBreakdown(
  ctx: CommandReadContext,
  input: z.output<typeof UsageBreakdownInputZod>,
): Promise<z.output<typeof UsageBreakdownZod>> {
  const { after, ...question } = decodeListCursor(PlaceZod, input);
  const { groupId, days, by, limit } = question;
  checkUsageRight(ctx, 'read', groupId);
  const [cost, calls, key] = after ?? [null, null, null];
  const rows = await runSql<Sums & { key: string; name: string | null }>(ctx.dbRO, breakdownSql(ways[by]), [
    storedId(ctx.tenantId),
    storedId(groupId),
    days,
    cost,
    calls,
    key,
    limit + 1,
  ]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    __type: 'UsageBreakdown',
    items: shown.map(({ key: _, ...row }) => ({ __type: 'UsageRow' as const, ...row })),
    cursor:
      rows.length > limit && last
        ? encodeListCursor({ ...question, after: [last.costMicros, last.calls, last.key] })
        : null,
  };
}
