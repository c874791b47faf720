import { AsyncLocalStorage } from 'node:async_hooks';
import { uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type pg from 'pg';
import { tenantSetting } from './base_table';
import { PreparingClient } from './prepared_sql';

const reading = new AsyncLocalStorage<TenantId>();

/**
 * Reading without a transaction: whatever `work` asks of a `dbRO` handle shows this tenant only. Each statement
 * sees its own moment, so what must fit together belongs into one statement, or into `enterTenant`.
 */
export function readTenant<T>(tenantId: TenantId, work: () => T): T {
  return reading.run(tenantId, work);
}

/**
 * A connection that always stands behind the wall of the tenant its statement is asked for, and behind that of
 * none where no tenant is read. The setting stays with the connection, so a statement costs one round trip
 * and not the four of a transaction; who comes with another tenant pays for the change.
 */
export class TenantClient extends PreparingClient {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const send = this.query.bind(this);
    let standing = '';
    const query = async (...asked: unknown[]) => {
      const tenantId = reading.getStore();
      const wanted = tenantId ? uuidFromId('tenant', tenantId) : '';
      if (wanted !== standing) {
        await send({ text: 'select set_config($1, $2, false)', values: [tenantSetting, wanted] });
        standing = wanted;
      }
      return Reflect.apply(send, this, asked);
    };
    Object.assign(this, { query });
  }
}
