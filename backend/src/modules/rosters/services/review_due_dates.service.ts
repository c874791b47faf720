import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { eachByItself } from '../../../lib/each_by_itself';
import type { Logger } from '../../../lib/logger';
import { SourceBusyError } from '../with_roster_source';
import { reviewRosterDates } from './review_dates.service';

/** So many sources at a time; the rest has its turn a minute later. */
const batch = 20;

/**
 * Opens and closes the memberships of every source for which a day has begun since it was done last, by its own
 * clock.
 * @returns of how many sources
 * @throws what went wrong with one, when the others are done
 */
export async function reviewDueDates(db: Db, databaseUrl: string, logger: Logger): Promise<number> {
  const due = await runSql<{ tenant: string; source: string }>(
    db,
    `select tenant_id as tenant, roster_source_id as source from roster_sources
    where dates_reviewed_on < to_char(now() at time zone time_zone, 'YYYY-MM-DD') order by dates_reviewed_on limit $1`,
    [batch],
  );
  let reviewed = 0;
  await eachByItself(due, async ({ tenant, source }) => {
    const rosterSourceId = idFromUuid('rostersource', source);
    try {
      await reviewRosterDates(databaseUrl, idFromUuid('tenant', tenant), { rosterSourceId });
      reviewed += 1;
    } catch (error) {
      if (!(error instanceof SourceBusyError)) throw error;
      logger.warn({ rosterSourceId }, 'a roster source is being worked on; its dates are looked at later');
    }
  });
  return reviewed;
}
