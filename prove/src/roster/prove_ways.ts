import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import pg from 'pg';
import type { RosterReport } from '../../../backend/src/modules/rosters/process_feed';
import { decideRosterRun } from '../../../backend/src/modules/rosters/services/decide_roster_run.service';
import { importRoster } from '../../../backend/src/modules/rosters/services/import_roster.service';
import { describeSchool } from '../../../backend/src/modules/rosters/test/describe_school';
import { type Feed, feedFiles } from '../../../backend/src/modules/rosters/test/make_feed';
import { writeZip } from '../../../backend/src/modules/rosters/test/write_zip';
import { dice } from './dice';
import { deltaOf, planFeed } from './plan_feed';
import { makeTenant, type RosterDatabase } from './roster_database';

type Ways = { seeds: number; rows: number; violations: string[] };
const source = { name: 'SIS' };

/**
 * Random pairs of feeds, with wrong rows, doubled rows, references that lead nowhere, names and addresses that
 * clash and change hands: bulk then bulk, the same in another order of rows, bulk then delta, and a preview that is
 * agreed to, all come to one end; every row that went in is told of; a replay does nothing.
 */
export async function proveWays(
  database: RosterDatabase,
  { seeds, seed }: { seeds: number; seed: number },
): Promise<Ways> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rapt-prove-ways-'));
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const result: Ways = { seeds, rows: 0, violations: [] };
  let files = 0;

  async function read(
    tenantId: TenantId,
    feed: Partial<Feed>,
    how: 'preview' | 'apply',
    delta: string[] = [],
  ) {
    files += 1;
    const zipPath = path.join(folder, `${files}.zip`);
    await writeZip(zipPath, feedFiles(feed, delta));
    const report = await importRoster(database.url, { tenantId, source, zipPath, decision: how });
    result.rows += report.counts.rows ?? 0;
    return report;
  }
  /** A brake is not what is looked at here. */
  async function apply(tenantId: TenantId, feed: Partial<Feed>, delta?: string[]): Promise<RosterReport> {
    const report = await read(tenantId, feed, 'apply', delta);
    if (report.status === 'held')
      await decideRosterRun(database.url, { tenantId, source, decision: 'approve' });
    return report;
  }
  const operations = async (report: RosterReport) => {
    const { rows } = await client.query<{ op: string }>(
      `select entity || ' ' || sourced_id || ' ' || op || ' ' || coalesce(before::text, '') || ' ' || coalesce(after::text, '') as op
      from roster_diffs where roster_run_id = $1 order by 1`,
      [uuidFromId('rosterrun', report.rosterRunId)],
    );
    return rows.map(({ op }) => op).join('\n');
  };
  const show = async (tenantId: TenantId) => (await describeSchool(client, tenantId)).join('\n');

  try {
    for (let at = seed; at < seed + seeds; at++) {
      const wrong = (what: string) => result.violations.push(`seed ${at}: ${what}`);
      const first = planFeed(at, 1);
      const second = planFeed(at, 2);
      const [bulk, turned, delta, agreed] = [
        await makeTenant(database.url),
        await makeTenant(database.url),
        await makeTenant(database.url),
        await makeTenant(database.url),
      ];
      await apply(bulk, first);
      const applied = await apply(bulk, second);
      const end = await show(bulk);

      const { rows = 0, rejected = 0, repeated = 0, unchanged = 0 } = applied.counts;
      const { rows: told } = await client.query<{ n: number; reasons: number }>(
        `select (select count(*)::int from roster_diffs where roster_run_id = $1 and row_number is not null) as n,
          (select count(*)::int from roster_issues where roster_run_id = $1 and rejected) as reasons`,
        [uuidFromId('rosterrun', applied.rosterRunId)],
      );
      if (rows !== rejected + repeated + unchanged + (told[0]?.n ?? -1))
        wrong('rows in are not rows accounted for');
      if (told[0]?.reasons !== rejected) wrong('a row was left out without a reason');

      const replay = await read(bulk, second, 'apply');
      if (Object.keys(replay.counts).some((kind) => kind.includes('.'))) wrong('a replay does something');
      if ((await show(bulk)) !== end) wrong('a replay changes something');

      const roll = dice(at);
      const shuffled = (feed: Feed) =>
        Object.fromEntries(Object.entries(feed).map(([name, list]) => [name, roll.shuffle(list)])) as Feed;
      await apply(turned, shuffled(first));
      await apply(turned, shuffled(second));
      if ((await show(turned)) !== end) wrong('another order of rows comes to another end');

      await apply(delta, first);
      await apply(delta, deltaOf(first, second), Object.keys(second));
      if ((await show(delta)) !== end) wrong('bulk then delta is not bulk then bulk');

      await apply(agreed, first);
      const preview = await read(agreed, second, 'preview');
      const shown = await operations(preview);
      if (shown !== (await operations(applied))) wrong('a preview names other operations than an apply');
      await decideRosterRun(database.url, { tenantId: agreed, source, decision: 'approve' });
      if ((await operations(preview)) !== shown) wrong('other operations were applied than were shown');
      if ((await show(agreed)) !== end) wrong('a preview that was agreed to comes to another end');
    }
    return result;
  } finally {
    await client.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
