import pg from 'pg';

/** Extensions only a superuser may install; migrations run as the owner role, which is none. */
const extensions = ['ltree', 'pgcrypto', 'citext', 'pg_trgm', 'btree_gist'];

/**
 * Makes what a database administrator would have made: the role `rapt`, which may create roles but is no
 * superuser, its database `rapt`, and the extensions, in `template1` too so that a new database has them.
 * Can be repeated, and ended half-way, without harm.
 * @param admin connected to the database `postgres` as superuser
 * @param connectTo opens another database as superuser
 */
export async function prepareDatabase(
  admin: pg.Client,
  connectTo: (database: string) => Promise<pg.Client>,
  { ownerPassword, canCreateDatabases }: { ownerPassword: string; canCreateDatabases: boolean },
): Promise<void> {
  const { rows } = await admin.query<{ role: boolean; database: boolean }>(
    `select exists (select from pg_roles where rolname = 'rapt') as role,
            exists (select from pg_database where datname = 'rapt') as database`,
  );
  if (!rows[0]?.role) {
    await admin.query(`create role rapt login createrole password ${pg.escapeLiteral(ownerPassword)}`);
  }
  if (canCreateDatabases) await admin.query('alter role rapt createdb');
  if (!rows[0]?.database) {
    // First the template, then the copy: the database stands last, so its existence says the rest is done.
    await installExtensions('template1', connectTo);
    await admin.query('create database rapt owner rapt');
  }
  await installExtensions('rapt', connectTo);
}

async function installExtensions(database: string, connectTo: (database: string) => Promise<pg.Client>) {
  const client = await connectTo(database);
  try {
    await client.query('set client_min_messages = warning');
    for (const extension of extensions) await client.query(`create extension if not exists ${extension}`);
  } finally {
    await client.end();
  }
}
