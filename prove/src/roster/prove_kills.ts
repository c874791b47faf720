import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import pg from 'pg';
import { importRoster } from '../../../backend/src/modules/rosters/services/import_roster.service';
import { describeSchool } from '../../../backend/src/modules/rosters/test/describe_school';
import { writeDistrict } from '../../../backend/src/modules/rosters/test/make_district';
import { writeZip } from '../../../backend/src/modules/rosters/test/write_zip';
import { makeTenant, type RosterDatabase } from './roster_database';

type Input = { kills: number; seed: number; enrolments: number };
type Killed = {
  /** kills that met the import while it ran; the others came after its end */
  struck: number;
  before: number;
  after: number;
  violations: string[];
};

const script = path.join(import.meta.dirname, 'import_zip.ts');
const tsx = path.resolve(import.meta.dirname, '../../../node_modules/.bin/tsx');

/** Every table a run may write of the school's, row by row and to the last bit. */
const schoolTables = [
  ...['groups', 'group_members', 'classes', 'class_members', 'users', 'user_contacts', 'auth_users'],
  ...['external_refs', 'sync_entry', 'roster_sources'],
];

/**
 * Kills the process that applies the second day's feed, at random moments from its first statement to a little after
 * its last: the tables are then exactly as before, or show what the whole run gives, and the next run gives that.
 */
export async function proveKills(
  database: RosterDatabase,
  { kills, seed, enrolments }: Input,
): Promise<Killed> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rapt-prove-roster-'));
  const result: Killed = { struck: 0, before: 0, after: 0, violations: [] };
  try {
    const tenantId = await makeTenant(database.url);
    const [first, second] = [
      await zipOf(folder, { enrolments, seed }, 1),
      await zipOf(folder, { enrolments, seed }, 2),
    ];
    await importRoster(database.url, {
      tenantId,
      source: { name: 'SIS' },
      zipPath: first,
      decision: 'apply',
    });
    const before = await digest(database.url, tenantId);
    const copied = await database.copy();
    const undisturbed = startImport(copied.url, tenantId, second);
    await undisturbed.connected;
    const began = performance.now();
    await undisturbed.ended;
    const tookMs = performance.now() - began;
    const after = await picture(copied.url, tenantId);
    await copied.drop();
    for (let kill = 0; kill < kills; kill++) {
      const copy = await database.copy();
      const importing = startImport(copy.url, tenantId, second);
      await importing.connected;
      // From the first statement on, before which nothing could go wrong, to a little after the last.
      const at = Math.random() * Math.max(50, tookMs) * 1.1;
      await sleep(at);
      if (importing.child.kill()) result.struck += 1;
      await importing.ended;
      await nobodyConnected(copy.url);
      const label = `seed ${seed}, kill ${kill + 1} after ${Math.round(at)} ms`;
      if ((await digest(copy.url, tenantId)) === before) result.before += 1;
      else if ((await picture(copy.url, tenantId)) === after) result.after += 1;
      else result.violations.push(`${label}: the tables are neither as before nor as after`);
      const next = await importRoster(copy.url, {
        tenantId,
        source: { name: 'SIS' },
        zipPath: second,
        decision: 'apply',
      });
      if (next.status !== 'applied' || (await picture(copy.url, tenantId)) !== after) {
        result.violations.push(`${label}: the next run does not come to the same end`);
      }
      await copy.drop();
    }
    if (kills > 0 && result.struck === 0)
      result.violations.push('every kill came after the end of the import');
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function startImport(url: string, tenantId: TenantId, zipPath: string) {
  const child = spawn(tsx, [script, url, tenantId, zipPath], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const connected = once(child.stdout, 'data');
  connected.catch(() => {});
  // tsx runs the script in a child of its own: the whole group has to go, unless it has ended already.
  const kill = (): boolean => {
    if (child.pid === undefined || child.exitCode !== null) return false;
    return process.kill(-child.pid, 'SIGKILL');
  };
  return { child: { kill }, connected, ended: once(child, 'exit') };
}

async function zipOf(
  folder: string,
  input: { enrolments: number; seed: number },
  day: 1 | 2,
): Promise<string> {
  const files = path.join(folder, `day${day}`);
  mkdirSync(files);
  const written = await writeDistrict(files, { ...input, day });
  const zipPath = path.join(folder, `day${day}.zip`);
  const contents = written.map(({ name }) => [name, readFileSync(path.join(files, name))] as const);
  await writeZip(zipPath, Object.fromEntries(contents));
  return zipPath;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
}

/** PostgreSQL learns of a death when it next reads or writes; until then a transaction may still end either way. */
function nobodyConnected(url: string): Promise<void> {
  return withClient(url, async (client) => {
    for (;;) {
      const { rowCount } = await client.query(
        `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      );
      if (rowCount === 0) return;
      await sleep(20);
    }
  });
}

function digest(url: string, tenantId: TenantId): Promise<string> {
  return withClient(url, async (client) => {
    const hashes: string[] = [];
    for (const table of schoolTables) {
      const { rows } = await client.query<{ hash: string | null }>(
        `select md5(string_agg(t::text, chr(10) order by t::text)) as hash from ${table} t where tenant_id = $1`,
        [uuidFromId('tenant', tenantId)],
      );
      hashes.push(`${table} ${rows[0]?.hash}`);
    }
    return hashes.join('\n');
  });
}

function picture(url: string, tenantId: TenantId): Promise<string> {
  return withClient(url, async (client) => (await describeSchool(client, tenantId)).join('\n'));
}
