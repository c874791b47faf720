import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { runSql } from '../../../db/run_sql';
import { eachByItself } from '../../../lib/each_by_itself';
import type { Enqueue } from '../../../procedures/context';
import { administratorsOf } from '../../notifications/services/administrators_of.service';
import { notify } from '../../notifications/services/notify.service';

type Trouble = {
  tenant: string;
  root: string;
  cause: string;
  source: string;
  status: 'held' | 'failed';
  reason: string;
};

/** Runs that began with nobody watching; whoever uploads a file or asks by hand sees what comes of it. */
const troubleSql = `
  select x.*, s.root_group_id as root, s.name as source from (
    select r.tenant_id as tenant, r.roster_source_id, 'roster.trouble ' || r.roster_run_id as cause, r.status::text,
      coalesce(r.failure, r.held_reasons->>0, '') as reason
    from roster_runs r where r.status in ('held', 'failed') and r.trigger in ('schedule', 'folder') and r.work is null
      and r.finished_at > now() - interval '1 day'
  ) x join roster_sources s on s.tenant_id = x.tenant and s.roster_source_id = x.roster_source_id
  where not exists (select from notifications n where n.tenant_id = x.tenant and n.cause = x.cause)`;

/**
 * Tells the administrators of a source, once for a run, that a feed of the night or of a watched folder failed or
 * waits for them: a school system that is down for days is heard of every morning.
 * @param db of the system role
 * @returns of how many runs
 */
export async function tellOfRosterTrouble(db: Db, enqueue: Enqueue): Promise<number> {
  let told = 0;
  await eachByItself(
    await runSql<Trouble>(db, troubleSql),
    async ({ tenant, root, cause, source, status, reason }) => {
      const tenantId = idFromUuid('tenant', tenant);
      await enterTenant(db, tenantId, async () => {
        const userIds = await administratorsOf(db, tenantId, idFromUuid('group', root));
        const data = { source, status, reason };
        await notify({ db, enqueue }, { tenantId, userIds, workflow: 'roster-trouble', data, cause });
      });
      told += 1;
    },
  );
  return told;
}
