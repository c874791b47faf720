import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storedId } from '../../db/stored_id';
import { createLogger } from '../../lib/logger';
import { buildApp, buildSchool } from '../../test/build_app';
import { performRosterRunTask } from './rosters.event';
import { performRosterRun } from './services/perform_roster_run.service';
import { scheduleRosters } from './services/schedule_rosters.service';
import { makeFeed } from './test/make_feed';
import { credentials, type SchoolSystemMock, startSchoolSystem } from './test/start_school_system';
import { SourceBusyError } from './with_roster_source';

const tenants = 5;
const sourcesEach = 10;
const pupils = 20;
/** Two processes, each with the two places the queue has for rosters. */
const workers = 4;
const logger = createLogger('silent');

let built: Awaited<ReturnType<typeof buildApp>>;
let client: pg.Client;
const systems: SchoolSystemMock[] = [];
const markOf = new Map<TenantId, string>();

beforeAll(async () => {
  built = await buildApp();
  client = new pg.Client({ connectionString: built.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await built.close();
  for (const system of systems) await system.close();
});

/** The same ids and usernames everywhere; only the family name tells whose school system was asked. */
async function buildTenant(mark: string): Promise<void> {
  const feed = makeFeed(pupils);
  const system = await startSchoolSystem({ ...feed, users: feed.users.map((row) => row.with(8, mark)) });
  systems.push(system);
  const { tenantId, district } = await buildSchool(built.app.systemDb);
  markOf.set(tenantId, mark);
  const nightlyAt = new Date(Date.now() - 5 * 60_000).toISOString().slice(11, 16);
  for (let at = 0; at < sourcesEach; at++) {
    const rosterSourceId = newId('rostersource');
    await built.app.systemDb.rosterSources.create({
      ...{ tenantId, rosterSourceId, rootGroupId: district, name: `Source ${at}`, kind: 'rest' },
      ...{ scheduled: true, timeZone: 'UTC', nightlyAt },
      connection: {
        ...{ version: '1.2', auth: 'oauth2', baseUrl: system.url, tokenUrl: null },
        clientId: credentials.clientId,
      },
      sealedSecret: built.app.secretBox.seal(credentials.secret, rosterSourceId),
    });
  }
}

test('fifty sources whose hour it is are each asked once, side by side, and nothing of one tenant reaches another', async () => {
  for (let at = 0; at < tenants; at++) await buildTenant(`Mark${at}`);
  const before = built.queued.length;
  const schedule = () => scheduleRosters(built.app.systemDb, built.app.enqueue, logger);
  await Promise.all([schedule(), schedule(), schedule()]);
  const asked = built.queued
    .slice(before)
    .filter(({ name }) => name === performRosterRunTask.name)
    .map(({ input }) => performRosterRunTask.input.parse(input));
  expect(asked).toHaveLength(tenants * sourcesEach);

  // Delivery is at least once: each comes twice, from two workers if it so happens.
  const waiting = [...asked, ...asked];
  const tools = {
    ...{ databaseUrl: built.url, logger, secretBox: built.app.secretBox },
    ...{ allowedHosts: ['127.0.0.1'], pauseMs: () => 5 },
  };
  const work = async () => {
    for (let input = waiting.shift(); input; input = waiting.shift()) {
      try {
        await performRosterRun(tools, input);
      } catch (error) {
        if (!(error instanceof SourceBusyError)) throw error;
        waiting.push(input);
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, work));

  const runs = await client.query(
    'select status, work, failure, count(*)::int as n from roster_runs where tenant_id = any ($1) group by 1, 2, 3',
    [[...markOf.keys()].map((tenantId) => storedId(tenantId))],
  );
  expect(runs.rows).toEqual([{ status: 'applied', work: null, failure: null, n: tenants * sourcesEach }]);
  for (const [tenantId, mark] of markOf) {
    const { rows } = await client.query(
      `select split_part(u.name, ' ', 2) as family, count(distinct r.roster_source_id)::int as sources, count(*)::int as people,
        count(distinct u.user_id)::int as accounts
      from external_refs r left join users u on u.tenant_id = r.tenant_id and u.user_id = r.internal_id
      where r.tenant_id = $1 and r.entity = 'user' group by 1`,
      [storedId(tenantId)],
    );
    const people = (pupils + pupils / 10) * sourcesEach;
    expect(rows).toEqual([{ family: mark, sources: sourcesEach, people, accounts: people }]);
    const members = await client.query(
      `select count(*)::int as n, count(distinct roster_source_id)::int as sources from class_members
      where tenant_id = $1 and roster_source_id is not null`,
      [storedId(tenantId)],
    );
    expect(members.rows).toEqual([{ n: people, sources: sourcesEach }]);
  }
}, 60_000);
