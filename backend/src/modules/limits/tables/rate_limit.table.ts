import { BaseTable } from '../../../db/base_table';

/** Counters of all processes. rate-limiter-flexible writes them by position: the order of the columns is its own. */
export class RateLimitTable extends BaseTable {
  readonly table = 'rate_limits';

  columns = this.setColumns((t) => ({
    key: t.string(255).primaryKey(),
    points: t.integer().default(0),
    /** when the count begins anew, in milliseconds since 1970 */
    expire: t.bigint().nullable(),
  }));
}
