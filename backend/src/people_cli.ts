import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { connectDb, type Db } from './db/db';
import { stored } from './db/stored_id';
import { startEmbeddedPostgres } from './lib/embedded_postgres/start_embedded_postgres';
import {
  PeopleFlagsZod,
  peopleCommands,
  peopleUsage,
} from './modules/users/services/run_people_command.service';

/** People from the command line; it does not migrate. The tenant is looked for first. */
async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'tenant-id': text,
      'password-file': text,
      search: text,
      group: text,
      role: text,
      name: text,
      email: text,
      username: text,
      user: text,
      session: text,
    },
  });
  const { 'tenant-id': tenant, 'password-file': passwordFile, ...rest } = values;
  const password = passwordFile === undefined ? undefined : await readPassword(passwordFile);
  const flags = PeopleFlagsZod.safeParse({ tenantId: tenant, password, ...rest });
  const act = peopleCommands[positionals[0] ?? ''];
  if (!flags.success || !act) {
    const wrong = flags.success
      ? []
      : flags.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    process.stderr.write(`${wrong.map((line) => `${line}\n`).join('')}${peopleUsage}`);
    return 2;
  }
  const embedded = process.env.DATABASE_URL
    ? null
    : await startEmbeddedPostgres({
        dataDir: process.env.RAPT_DATA_DIR ?? path.resolve(import.meta.dirname, '../../.data'),
      });
  const db = connectDb(embedded?.databaseUrl ?? process.env.DATABASE_URL ?? '', 'system', 2);
  try {
    await checkTenant(db, flags.data.tenantId);
    process.stdout.write(`${JSON.stringify(await act(db, flags.data), null, 2)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    await db.$close();
    await embedded?.stop();
  }
}

/** The first line: never from the command line itself, which every user of the machine can read. */
async function readPassword(file: string): Promise<string> {
  const from = file === '-' ? '/dev/stdin' : path.resolve(process.env.INIT_CWD ?? '.', file);
  const line = (await readFile(from, 'utf8')).split('\n', 1)[0]?.trim();
  if (!line) throw new Error('The file has no first line.');
  return line;
}

async function checkTenant(db: Db, id: TenantId): Promise<void> {
  const known = await db.tenants.where(stored({ tenantId: id })).exists();
  if (!known) throw new Error(`There is no tenant ${id}.`);
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
