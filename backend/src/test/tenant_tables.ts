import { runSql } from '../db/run_sql';
import type { App } from '../procedures/context';

/** The tables that hold rows of tenants and that the app's role may read. */
export async function tenantTables({ systemDb }: App): Promise<string[]> {
  const rows = await runSql<{ name: string }>(
    systemDb,
    `select c.table_name as name from information_schema.columns c
     join pg_class k on k.oid = to_regclass(c.table_name) and k.relkind in ('r', 'p')
     where c.column_name = 'tenant_id' and c.table_schema = 'public'
       and has_table_privilege('rapt_app', k.oid, 'select') order by 1`,
  );
  return rows.map(({ name }) => name);
}
