import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { prepareSql } from '../../../db/prepared_sql';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { orchidQuery } from '../../../events/orchid_query';
import { countTokens } from '../../../lib/ai_gateway/count_tokens';
import { eachByItself } from '../../../lib/each_by_itself';
import { costOf, countedIn, countSql, holdCounters } from '../counting_sql';
import { usageNearLimitEvent } from '../usage.event';
import type { LimitMet, UsageAttempt } from './reserve_usage.service';

/** $1 tenant, $2 run, $3 attempt, $4 model that answered or null, $5 and $6 tokens of question and answer. */
const settleSql = prepareSql(
  'settle_usage',
  `
with done as (
  update usage_entries e set settled_at = now(), updated_at = now(), model = coalesce($4::text, e.model),
    prompt_tokens = $5::int, completion_tokens = $6::int,
    cost_micros = coalesce((
      select ${costOf('$5', '$6')} from model_prices p
      where p.tenant_id = $1::uuid and p.model in ($4::text, e.model, '*') and e.provider = 'gateway'
      order by p.model = '*', p.model is distinct from $4::text limit 1), 0)
  where e.tenant_id = $1::uuid and e.run_id = $2::uuid and e.attempt = $3::int and e.settled_at is null
  returning e.counted, e.cost_micros - e.reserved_micros as micros,
    e.prompt_tokens + e.completion_tokens - e.reserved_tokens as tokens
), amounts as (
  select c.group_id, c.period, c.starts_at, case c.period when 'day' then done.tokens else done.micros end as amount
  from done cross join lateral ${countedIn('done.counted')} where c.period in ('day', 'month')
), counted as (${countSql('amounts', true)})
select c.group_id, c.period, extract(epoch from c.starts_at)::float8 * 1000 as starts_at, c.used::float8,
  (case c.period when 'day' then l.tokens_per_day else l.monthly_budget_micros end)::float8 as most
from counted c join usage_limits l on l.tenant_id = $1::uuid and l.group_id = c.group_id
where c.crossed`,
);

type Crossed = { group_id: string; period: 'day' | 'month'; starts_at: number; used: number; most: number };
type Used = { model: string | null; promptTokens: number; completionTokens: number };

/**
 * Puts what a call really used in the place of what was reserved, in the transaction that ends its run. An attempt
 * is settled once; later, or again, it changes nothing. Says so when a group comes to nine tenths of a limit.
 */
export async function settleUsage(
  db: Db,
  { tenantId, runId, attempt }: UsageAttempt,
  used: Used,
): Promise<void> {
  await holdCounters(db, tenantId, 'many');
  const { model, promptTokens, completionTokens } = used;
  const crossed = await runSql<Crossed>(db, settleSql, [
    storedId(tenantId),
    storedId(runId),
    attempt,
    model,
    promptTokens,
    completionTokens,
  ]);
  for (const { group_id, period, starts_at, used: amount, most } of crossed) {
    const entityId = idFromUuid('group', group_id);
    await publishNearLimit(db, {
      tenantId,
      entityId,
      period,
      periodStartsAt: starts_at,
      used: amount,
      limit: most,
    });
  }
}

const markSql = `
update usage_counters set alerted_at = now()
where tenant_id = $1::uuid and group_id = $2::uuid and period = $3::usage_period
  and starts_at = to_timestamp($4::float8 / 1000) and alerted_at is null
returning used`;

/** A limit may be met before nine tenths are used, by one call that is too large for the rest. */
export async function reportLimitMet(db: Db, tenantId: TenantId, met: LimitMet): Promise<void> {
  const { groupId, period, periodStartsAt, used, limit } = met;
  if (period !== 'day' && period !== 'month') return;
  const marked = await runSql(db, markSql, [storedId(tenantId), storedId(groupId), period, periodStartsAt]);
  if (marked.length > 0)
    await publishNearLimit(db, { tenantId, entityId: groupId, period, periodStartsAt, used, limit });
}

type NearLimit = Omit<Parameters<typeof usageNearLimitEvent.publish>[1], '__type' | 'timestamp'>;

async function publishNearLimit(db: Db, about: NearLimit): Promise<void> {
  await usageNearLimitEvent.publish(orchidQuery(db), {
    __type: 'usage.near_limit',
    timestamp: Date.now(),
    ...about,
  });
}

/** What an attempt left that nobody ended: what was sent, and the text that came of it. */
const lostSql = `
select e.attempt, e.reserved_tokens, coalesce(string_agg(c.text, '' order by c.seq), '') as text,
  (select p.messages from run_prompts p
    where p.tenant_id = $1::uuid and p.run_id = $2::uuid and p.attempt = e.attempt) as messages
from usage_entries e
left join run_chunks c on c.tenant_id = e.tenant_id and c.run_id = e.run_id and c.attempt = e.attempt
where e.tenant_id = $1::uuid and e.run_id = $2::uuid and e.attempt < $3::int and e.settled_at is null
group by e.attempt, e.reserved_tokens order by e.attempt`;

type Lost = { attempt: number; text: string; messages: { content: string }[] | null };

/**
 * Settles the attempts before this one whose workers died or were told to go: nobody sent us a count, so the
 * prompt that went out and the text that came back are counted here.
 */
export async function settleLostAttempts(db: Db, { tenantId, runId, attempt }: UsageAttempt): Promise<void> {
  const lost = await runSql<Lost>(db, lostSql, [storedId(tenantId), storedId(runId), attempt]);
  for (const { attempt: earlier, text, messages } of lost) {
    const promptTokens = (messages ?? []).reduce((sum, { content }) => sum + countTokens(content), 0);
    const used = { model: null, promptTokens, completionTokens: countTokens(text) };
    await settleUsage(db, { tenantId, runId, attempt: earlier }, used);
  }
}

const sweptAtOnce = 200;
const forgottenMs = 60_000;

/**
 * Settles what is still reserved although its run is no longer being performed; the run's own end does this, and
 * this is for the day it could not. Counters of long ago go.
 * @param systemDb finds them in every tenant
 * @returns how many were settled
 */
export async function sweepUsage(systemDb: Db, db: Db): Promise<number> {
  const rows = await runSql<{ tenant_id: string; run_id: string; attempt: number }>(
    systemDb,
    `select e.tenant_id, e.run_id, e.attempt from usage_entries e
     where e.settled_at is null and e.created_at < now() - $1 * interval '1 ms' and not exists (
       select from runs r where r.tenant_id = e.tenant_id and r.run_id = e.run_id
         and r.status = 'processing' and r.attempt = e.attempt)
     order by e.created_at limit ${sweptAtOnce}`,
    [forgottenMs],
  );
  await runSql(systemDb, `delete from usage_counters where starts_at < now() - interval '100 days'`);
  await eachByItself(rows, async (row) => {
    const tenantId = idFromUuid('tenant', row.tenant_id);
    const runId = idFromUuid('run', row.run_id);
    await enterTenant(db, tenantId, () =>
      settleLostAttempts(db, { tenantId, runId, attempt: row.attempt + 1 }),
    );
  });
  return rows.length;
}
