import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { decideRosterRun } from '../modules/rosters/services/decide_roster_run.service';
import { importRoster } from '../modules/rosters/services/import_roster.service';
import { describeSchool } from '../modules/rosters/test/describe_school';
import { type Feed, feedFiles } from '../modules/rosters/test/make_feed';
import { writeZip } from '../modules/rosters/test/write_zip';
import { buildApp, buildSchool } from './build_app';

export type PackageFiles = Record<string, string | Buffer>;

/** For a file of tests: a database of its own, and for each test a new school, whose feeds come from one source. */
export function useRosters() {
  let built: Awaited<ReturnType<typeof buildApp>>;
  let school: Awaited<ReturnType<typeof buildSchool>>;
  let folder: string;
  let client: pg.Client;
  beforeAll(async () => {
    built = await buildApp();
    folder = await mkdtemp(path.join(tmpdir(), 'rosters-'));
    client = new pg.Client({ connectionString: built.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await built.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    school = await buildSchool(built.app.systemDb);
  });

  async function zipOf(files: PackageFiles) {
    const zipPath = path.join(folder, `${newId('task')}.zip`);
    await writeZip(zipPath, files);
    return zipPath;
  }
  async function importFiles(files: PackageFiles, decision: 'preview' | 'apply' = 'apply') {
    const zipPath = await zipOf(files);
    const { tenantId } = school;
    return importRoster(built.url, { tenantId, source: { name: 'SIS' }, zipPath, decision });
  }
  return {
    /** what there is for the present test */
    now: () => ({ built, client, school, tenantId: school.tenantId }),
    zipOf,
    importFiles,
    importFeed: (feed: Partial<Feed>, decision?: 'preview' | 'apply', delta?: string[]) =>
      importFiles(feedFiles(feed, delta), decision),
    decide: (decision: 'approve' | 'additions_only' | 'discard', fileHash?: string) =>
      decideRosterRun(built.url, {
        tenantId: school.tenantId,
        source: { name: 'SIS' },
        decision,
        fileHash,
      }),
    picture: () => describeSchool(client, school.tenantId),
  };
}
