import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';

/** Forgets links a month after they have ended: until then a page says "used" or "too old" instead of "unknown". */
export async function sweepLinks(db: Db): Promise<void> {
  await runSql(
    db,
    `delete from sign_in_links where sign_in_link_id in
       (select sign_in_link_id from sign_in_links where expires_at < now() - interval '30 days' limit 1000)`,
  );
}
