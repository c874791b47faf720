import { appRole, systemRole } from './base_table';
import type { Db } from './db';
import { runSql } from './run_sql';

/**
 * Does a part of the open transaction as the system role: for what is the installation's and must happen together
 * with what is the tenant's, or not at all. Nothing else may be asked of `db` until it has ended, since all tenants
 * stand open meanwhile.
 */
export async function asSystem<T>(db: Db, work: () => PromiseLike<T>): Promise<T> {
  if (!db.$isInTransaction()) throw new Error('The system role is taken within a transaction only');
  await runSql(db, `set local role ${systemRole}`);
  const [result] = await Promise.allSettled([work()]);
  const back = runSql(db, `set local role ${appRole}`);
  if (result.status === 'fulfilled') {
    await back;
    return result.value;
  }
  // After a statement that failed the transaction takes no other; it is undone, and the role with it.
  await back.catch(() => {});
  throw result.reason;
}
