import type { Db } from './db';
import { isPrepared } from './prepared_sql';

/**
 * Runs a statement with `$1`, `$2`, … in whatever transaction of `db` is open, which a query on the pool would not
 * join. Orchid takes templates, so the text is split at its placeholders; one of `prepareSql` is sent as it stands.
 */
export async function runSql<Row extends object>(
  db: Pick<Db, '$query' | '$getAdapter'>,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
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
