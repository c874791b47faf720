import { syncTableNames, syncTables } from '@raptscallions/zod-schemas/sync_table';
import { systemTenantId, type TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import type { EntryGroup } from '../cursor';
import { asText, type TextRow, unseen } from '../delta_sql';
import type { Snapshot } from '../snapshot';

/** Which entries a browser is to get. */
export type Wanted = {
  tenantId: TenantId;
  /** scopes it has, and up to when */
  kept: string[];
  seen: Snapshot;
  /** scopes it gets whole */
  fresh: string[];
  /** the moment it shall see */
  at: Snapshot;
};

/**
 * $1 tenant, $2 scopes held, $3 what they have seen, $4 scopes loaded whole, $5 the snapshot that is shown,
 * $6 the tenant of what everybody has. Two branches, so that each uses the index that fits it.
 */
function wantedSql(columns: string, from: string, { kept, fresh }: Wanted): string {
  const base = `select ${columns} from sync_entry e ${from}
    where e.tenant_id = any(array[$1::uuid, $6::uuid]) and pg_visible_in_snapshot(e.xid, $5::pg_snapshot)`;
  const branches = [
    ...(kept.length > 0 ? [`${base} and e.scope = any($2::text[]) and ${unseen('$3')}`] : []),
    ...(fresh.length > 0 ? [`${base} and e.scope = any($4::text[]) and not e.del`] : []),
  ];
  return branches.join('\nunion all\n');
}

const valuesOf = ({ tenantId, kept, seen, fresh, at }: Wanted) => [
  storedId(tenantId),
  kept,
  seen,
  fresh,
  at,
  storedId(systemTenantId),
];

/** How many entries are wanted, by scope and table. */
export async function countEntries(
  db: Db,
  wanted: Wanted,
): Promise<{ scope: string; tbl: number; entries: number }[]> {
  const sql = wantedSql('e.scope, e.tbl', '', wanted);
  if (sql === '') return [];
  return runSql(
    db,
    `select scope, tbl, count(*)::int as entries from (${sql}) e group by scope, tbl order by scope, tbl`,
    valuesOf(wanted),
  );
}

/** The wanted entries of these groups with their bodies, as the text of one frame for each scope. */
export async function readFrames(db: Db, wanted: Wanted, groups: readonly EntryGroup[]): Promise<string[]> {
  if (groups.length === 0) return [];
  const numbers = new Set(groups.map(({ tbl }) => tbl));
  const tables = syncTableNames.filter((name) => numbers.has(syncTables[name].number));
  const entries = wantedSql(
    'e.tenant_id, e.scope, e.tbl, e.row_id, e.rev, e.del',
    `join unnest($7::text[], $8::int[], $9::int[], $10::int[]) g(scope, tbl, of, slice)
      on g.scope = e.scope and g.tbl = e.tbl
      and (g.of = 1 or (uuid_hash(e.row_id) & 1048575) % g.of = g.slice)`,
    wanted,
  );
  const parts = await runSql<TextRow>(db, asText(entries, tables), [
    ...valuesOf(wanted),
    groups.map(({ scope }) => scope),
    groups.map(({ tbl }) => tbl),
    groups.map(({ of }) => of),
    groups.map(({ slice }) => slice),
  ]);
  const byScope = new Map<string, { rows: string[]; gone: string[] }>();
  for (const { scope, rows, gone } of parts) {
    const frame = byScope.get(scope) ?? { rows: [], gone: [] };
    if (rows !== null) frame.rows.push(rows);
    if (gone !== null) frame.gone.push(gone);
    byScope.set(scope, frame);
  }
  return [...byScope].map(([scope, { rows, gone }]) => {
    const tombstones = gone.length > 0 ? `,"gone":[${gone.join(',')}]` : '';
    return `{"kind":"rows","scope":${JSON.stringify(scope)},"rows":[${rows.join(',')}]${tombstones}}`;
  });
}
