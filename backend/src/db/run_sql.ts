import pg from 'pg';
import type { Db } from './db';
import { isPrepared } from './prepared_sql';

/**
 * Runs a statement with `$1`, `$2`, … in whatever transaction is open, which a query on the pool would not
 * join. Orchid takes templates, so the text is split at its placeholders.
 */
export async function runSql<Row extends object>(
  db: Pick<Db, '$query' | '$getAdapter'>,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  // As it stands, or it would not be the text that is prepared.
  if (isPrepared(text)) return (await db.$getAdapter().query<Row>(text, values)).rows;
  const strings: string[] = [];
  const ordered: unknown[] = [];
  let from = 0;
  for (const match of text.matchAll(/\$(\d+)/g)) {
    strings.push(text.slice(from, match.index));
    ordered.push(values[Number(match[1]) - 1]);
    from = match.index + match[0].length;
  }
  strings.push(text.slice(from));
  const template = Object.assign(strings, { raw: strings });
  const result = await db.$query<Row>(template, ...ordered);
  return result.rows;
}

/**
 * Runs a statement that every request needs, on the pool and outside of any transaction. PostgreSQL keeps it
 * prepared under its name, so it is read and planned once a connection and not once a call. On a handle that reads
 * one tenant it belongs into `readTenant`.
 * @param name one for each text, at most 63 characters
 */
export async function runPrepared<Row extends pg.QueryResultRow>(
  db: Db,
  name: string,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  const adapter = db.$adapterNotInTransaction;
  if (!('pool' in adapter && adapter.pool instanceof pg.Pool))
    throw new Error('The database is not on node-postgres');
  const client = await adapter.pool.connect();
  try {
    const { rows } = await client.query<Row>({ name, text, values });
    client.release();
    return rows;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
