import type { Db } from '../db/db';
import { runSql } from '../db/run_sql';
import type { Query } from './query';

/**
 * An executor for `send` and `publish` over Orchid: inside `db.$transaction` the statement is a part of the
 * transaction, with its role and tenant. (An adapter taken from a table hook would not be.)
 */
export function orchidQuery(db: Pick<Db, '$query' | '$getAdapter'>): Query {
  return async (text, values) => ({ rows: await runSql(db, text, values) });
}
