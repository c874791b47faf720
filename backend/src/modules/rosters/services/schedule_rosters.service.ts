import { idFromUuid, newId } from '@raptscallions/zod-schemas/rich_id';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { claimCronSlot } from '../../../events/claim_cron_slot';
import { orchidQuery } from '../../../events/orchid_query';
import { eachByItself } from '../../../lib/each_by_itself';
import type { Logger } from '../../../lib/logger';
import type { Enqueue } from '../../../procedures/context';
import { performRosterRunTask } from '../rosters.event';

type Due = { tenant: string; source: string; due: number; weekly: boolean; busy: boolean };

/**
 * Sources whose time has come within the last hour, by their own clocks: a server that was away longer waits for
 * the next night rather than asking a school system in the middle of lessons.
 */
const dueSql = `
  select s.tenant_id as tenant, s.roster_source_id as source,
    floor(extract(epoch from d.due) * 1000)::float8 as due,
    extract(dow from d.due at time zone s.time_zone) = s.weekly_day or coalesce((
      select w.status = 'failed' or w.created_at < $1::timestamptz - interval '7 days 12 hours' from roster_runs w
      where w.tenant_id = s.tenant_id and w.roster_source_id = s.roster_source_id and w.scope = 'full' and w.work is null
      order by w.created_at desc limit 1), false) as weekly,
    exists (select from roster_runs r where r.tenant_id = s.tenant_id and r.roster_source_id = s.roster_source_id
      and r.work is not null) as busy
  from roster_sources s
  cross join lateral (select ($1::timestamptz at time zone s.time_zone)::date as day) l
  cross join lateral (
    select max(due) as due from (values ((l.day + s.nightly_at::time) at time zone s.time_zone),
      ((l.day - 1 + s.nightly_at::time) at time zone s.time_zone)) v(due) where due <= $1::timestamptz
  ) d
  where s.scheduled and s.kind = 'rest' and s.sealed_secret is not null and d.due > $1::timestamptz - interval '1 hour'`;

/**
 * Has school systems asked whose hour it is: once a night for what has changed, once a week for everything, which is
 * made up for in the next night when it failed or was missed. An hour that a change of the clocks leaves out comes
 * with the one after it, and one that comes twice counts once. Whoever claims the hour does it, in whatever process; a source that is still being worked on is passed over.
 * @returns how many runs were begun
 */
export async function scheduleRosters(
  db: Db,
  enqueue: Enqueue,
  logger: Logger,
  now = new Date(),
): Promise<number> {
  let begun = 0;
  await eachByItself(await runSql<Due>(db, dueSql, [now]), async ({ tenant, source, due, weekly, busy }) => {
    const [tenantId, rosterSourceId] = [idFromUuid('tenant', tenant), idFromUuid('rostersource', source)];
    const started = await db.$transaction(async () => {
      // Ids of sources come from browsers: one that another school has as well must not take its hour.
      if (!(await claimCronSlot(orchidQuery(db), `roster ${tenantId} ${rosterSourceId}`, due))) return false;
      if (busy) {
        logger.warn(
          { rosterSourceId },
          'a roster source is still being worked on; its scheduled run is skipped',
        );
        return false;
      }
      const rosterRunId = newId('rosterrun');
      const run = { tenantId, rosterSourceId, rosterRunId, counts: {}, heldReasons: [] };
      const scope = weekly ? 'full' : 'delta';
      await db.rosterRuns.create({
        ...run,
        scope,
        status: 'open',
        work: 'waiting',
        decision: 'apply',
        trigger: 'schedule',
      });
      await enqueue(performRosterRunTask, { tenantId, rosterRunId });
      return true;
    });
    if (started) begun += 1;
  });
  return begun;
}
