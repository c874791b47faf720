import { AsyncLocalStorage } from 'node:async_hooks';
import { uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { tenantSetting } from './base_table';
import type { Db } from './db';

const entered = new AsyncLocalStorage<TenantId>();

/**
 * The only way to a tenant's rows: a transaction in which the database itself shows no other tenant's.
 * Called again inside, it is a savepoint; for another tenant it throws, since the setting of the outer
 * transaction would silently stay. `level` and `statementMs` count for the outermost call only.
 * @param options.joins inside, it is a part of what is open: whoever goes on after a failure set a savepoint before
 * @param options.statementMs after which the database stops any statement of it, in milliseconds
 */
export async function enterTenant<T>(
  db: Db,
  tenantId: TenantId,
  work: () => PromiseLike<T>,
  options: { level?: 'REPEATABLE READ'; joins?: boolean; statementMs?: number | undefined } = {},
): Promise<T> {
  const { level, joins, statementMs } = options;
  const current = entered.getStore();
  if (current && current !== tenantId) throw new Error('A transaction belongs to one tenant');
  // Awaited in here: a query that is merely returned would run when the transaction is over.
  const run = async () => await work();
  if (current) return joins ? run() : db.$transaction(run);
  const setConfig = {
    [tenantSetting]: uuidFromId('tenant', tenantId),
    ...(statementMs === undefined ? {} : { statement_timeout: String(statementMs) }),
  };
  return db.$transaction({ level, setConfig }, () => {
    const working = entered.run(tenantId, run);
    // Orchid looks at the result only once the setting has been made; work that fails before that would
    // count as a rejection nobody handles and end the process. It still reaches the caller.
    working.catch(() => {});
    return working;
  });
}
