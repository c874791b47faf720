import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import pg from 'pg';
import { connectDb } from '../../../backend/src/db/db';
import { migrate } from '../../../backend/src/db/migrate';
import { startEmbeddedPostgres } from '../../../backend/src/lib/embedded_postgres/start_embedded_postgres';

export type RosterDatabase = {
  url: string;
  /** a copy of the database as it is now; nobody may be connected to the original meanwhile */
  copy(): Promise<{ url: string; drop(): Promise<void> }>;
  drop(): Promise<void>;
};

const mostTries = 100;
const dataDir = path.resolve(import.meta.dirname, '../../../.data/prove');

/** A migrated database of the proof's own. */
export async function createRosterDatabase(): Promise<RosterDatabase> {
  mkdirSync(dataDir, { recursive: true });
  const postgres = await startEmbeddedPostgres({ dataDir, canCreateDatabases: true });
  const withAdmin = async (sql: string) => {
    const admin = new pg.Client({ connectionString: postgres.databaseUrl });
    await admin.connect();
    await admin.query(sql).finally(() => admin.end());
  };
  const name = `prove_roster_${process.pid}`;
  const urlOf = (database: string) => {
    const url = new URL(postgres.databaseUrl);
    url.pathname = `/${database}`;
    return url.href;
  };
  await withAdmin(`create database ${name}`);
  await migrate(urlOf(name));
  let copies = 0;
  return {
    url: urlOf(name),
    async copy() {
      copies += 1;
      const copied = `${name}_${copies}`;
      // Whoever was connected a moment ago, a vacuum included, may still be on the way out.
      for (let tries = 1; ; tries++) {
        try {
          await withAdmin(`create database ${copied} template ${name}`);
          break;
        } catch (error) {
          if (tries === mostTries) throw error;
          await sleep(100);
        }
      }
      return {
        url: urlOf(copied),
        drop: () => withAdmin(`drop database if exists ${copied} with (force)`),
      };
    },
    async drop() {
      await withAdmin(`drop database if exists ${name} with (force)`);
      await postgres.stop();
    },
  };
}

/** A tenant with the group everything hangs under. */
export async function makeTenant(url: string): Promise<TenantId> {
  const tenantId = newId('tenant');
  const db = connectDb(url, 'system', 1);
  await db.tenants.create({ tenantId, name: 'District' });
  const root = { tenantId, groupId: newId('group'), name: 'District', path: 'a' };
  await db.groups.create({ ...root, kind: 'district' });
  await db.$close();
  return tenantId;
}
