import { createHash } from 'node:crypto';
import { migrate as runMigrations } from 'orchid-orm/migrations';
import { orchidORM } from 'orchid-orm/node-postgres';
import pg from 'pg';
import { syncTriggerSql } from '../modules/sync/trigger_sql';
import { BaseTable } from './base_table';
import { migrations } from './migrations';
import { revokeSql } from './revoke_sql';

/** Two processes that start together must not migrate together. */
const migrationLock = 7_263_700;

/**
 * Brings the database to this version: pending migrations, then the generated triggers when they have changed.
 * Safe to call from every process that starts; does little when there is nothing to do.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'raptscallions-migrate' });
  // Otherwise the end of the connection would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    const db = orchidORM({ databaseURL: databaseUrl, max: 1, log: false }, {});
    try {
      await runMigrations(db, { migrations, baseTable: BaseTable, log: false });
    } finally {
      await db.$close();
    }
    const script = `${syncTriggerSql()}\n${revokeSql}`;
    const hash = createHash('sha256').update(script).digest('hex');
    const done = await client.query(
      `select obj_description(to_regnamespace('sync'), 'pg_namespace') as hash`,
    );
    if (done.rows[0]?.hash !== hash) {
      await client.query('begin');
      await client.query(script);
      await client.query(`comment on schema sync is '${hash}'`);
      await client.query('commit');
    }
    // A backup that was put back is noticed before anybody is answered from it.
    await client.query('select sync.keep_epoch()');
  } finally {
    await client.end();
  }
}
