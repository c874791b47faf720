import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
import { systemTenantId, type TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { prepareSql } from '../../../db/prepared_sql';
import { readTenant } from '../../../db/read_tenant';
import { runSql } from '../../../db/run_sql';
import { storedId, storedIds } from '../../../db/stored_id';
import type { EntryGroup, Place } from '../cursor';
import { asText, type TextRow, unseen } from '../delta_sql';
import type { FrameText } from '../frames';
import type { Snapshot } from '../snapshot';
import type { SyncState } from './read_sync_state.service';
import { scopesSql } from './scopes_of_user.service';

/** Whose browser asks. */
export type Asker = { tenantId: TenantId; userId: UserId; syncClientId: SyncClientId };

/** What one statement, hence one snapshot, says: the state of sync, the scopes the browser may hold, and frames. */
export type Read = { state: SyncState; allowed: string[]; frames: FrameText[] };

// All statements: $1 tenant, $2 user, $3 client, $4 the tenant of what everybody has.
const entry = 'e.tenant_id, e.scope, e.tbl, e.row_id, e.rev, e.del';
const ofTenants = 'e.tenant_id = any(array[$1::uuid, $4::uuid])';
const asked = `
  state as materialized (
    select s.epoch, s.purged_xid::text as purged, sync.settled_snapshot() as now from sync_epoch s
  ), allowed as materialized (${scopesSql})`;
const head = (more: string) => `select json_build_object(
  'state', json_build_object('epoch', s.epoch, 'purged', s.purged, 'now', s.now::text),
  'allowed', coalesce((select json_agg(a.scope) from allowed a), '[]'), ${more}) from state s`;

/**
 * $5 scopes the browser holds, $6 what they have seen, $7 how many entries may come at once. Two branches, so that
 * each uses the index that fits it.
 */
const newsSql = prepareSql(
  'sync_news',
  asText({
    ctes: `${asked}, e as materialized (
    select e.* from state s cross join allowed a cross join lateral (
      select ${entry}, e.xid from sync_entry e
      where ${ofTenants} and e.scope = a.scope and not e.del and a.scope <> all($5::text[])
      union all
      select ${entry}, e.xid from sync_entry e
      where ${ofTenants} and e.scope = a.scope and a.scope = any($5::text[]) and ${unseen('$6')}
    ) e where pg_visible_in_snapshot(e.xid, s.now) limit $7::int + 1
  ), size as materialized (select count(*) > $7::int as too_much from e)`,
    head: head(`'tooMuch', (select too_much from size)`),
    unless: '(select too_much from size)',
  }),
);

/**
 * $1 tenant, $4 the tenant of what everybody has; of each browser that has nothing yet $2 user and $3 client; $5 more
 * entries than this a scope must not have. What several of them may hold is put together once.
 */
const firstSql = prepareSql(
  'sync_first',
  asText({
    ctes: `state as materialized (
      select s.epoch, s.purged_xid::text as purged, sync.settled_snapshot() as now from sync_epoch s
    ), asked as materialized (
      select * from unnest($2::uuid[], $3::uuid[]) with ordinality a(user_id, client_id, n)
    ), allowed as materialized (
      select a.n, s.scope from asked a cross join lateral (
        ${scopesSql.replaceAll('$2', 'a.user_id').replaceAll('$3', 'a.client_id')}
      ) s
    ), found as materialized (
      select e.* from state s cross join (select distinct scope from allowed) a cross join lateral (
        select ${entry} from sync_entry e
        where ${ofTenants} and e.scope = a.scope and not e.del and pg_visible_in_snapshot(e.xid, s.now)
        limit $5::int + 1
      ) e
    ), sizes as materialized (select f.scope, count(*)::int as entries from found f group by f.scope),
    e as materialized (
      select f.* from found f join sizes z on z.scope = f.scope where z.entries <= $5::int
    )`,
    head: `select json_build_object(
      'state', json_build_object('epoch', s.epoch, 'purged', s.purged, 'now', s.now::text),
      'allowed', (select json_agg(json_build_array(a.n, a.scopes))
        from (select n, array_agg(scope) as scopes from allowed group by n) a),
      'sizes', (select json_agg(json_build_array(z.scope, z.entries)) from sizes z)) from state s`,
    unless: 'false',
  }),
);

/** As above; $5 scopes held, $6 what they have seen, $7 scopes loaded whole. */
const countSql = prepareSql(
  'sync_count',
  `select e.scope, e.tbl, count(*)::int as entries from (
    select e.scope, e.tbl from sync_entry e where ${ofTenants} and e.scope = any($5::text[]) and ${unseen('$6')}
    union all
    select e.scope, e.tbl from sync_entry e where ${ofTenants} and e.scope = any($7::text[]) and not e.del
  ) e where $2::uuid is not null and $3::uuid is not null group by e.scope, e.tbl order by e.scope, e.tbl`,
);

/** $5 what had been seen, $6 the snapshot that is shown, $7 scopes loaded whole; of each group $8 to $11. */
const partSql = prepareSql(
  'sync_part',
  asText({
    ctes: `${asked}, e as materialized (
    select e.* from unnest($8::text[], $9::int[], $10::int[], $11::int[]) g(scope, tbl, of, slice)
    cross join lateral (
      select ${entry}, e.xid from sync_entry e
      where ${ofTenants} and e.scope = g.scope and not e.del and g.scope = any($7::text[])
      union all
      select ${entry}, e.xid from sync_entry e
      where ${ofTenants} and e.scope = g.scope and g.scope <> all($7::text[]) and ${unseen('$5')}
    ) e
    where e.tbl = g.tbl and pg_visible_in_snapshot(e.xid, $6::pg_snapshot)
      and (g.of = 1 or (uuid_hash(e.row_id) & 1048575) % g.of = g.slice)
  )`,
    head: head(`'tooMuch', false`),
    unless: 'false',
  }),
);

const valuesOf = ({ tenantId, userId, syncClientId }: Asker) => [
  storedId(tenantId),
  storedId(userId),
  storedId(syncClientId),
  storedId(systemTenantId),
];

async function read(db: Db, sql: string, asker: Asker, values: unknown[]) {
  const rows = await readTenant(asker.tenantId, () =>
    runSql<TextRow>(db, sql, [...valuesOf(asker), ...values]),
  );
  const said: Omit<Read, 'frames'> & { tooMuch: boolean } = JSON.parse(headOf(rows));
  return { ...said, frames: [...framesOf(rows).values()] };
}

/** What the statement says of itself. Looked for, since the parts of a UNION come in an order of PostgreSQL's own. */
function headOf(rows: TextRow[]): string {
  return rows.find(({ head }) => head !== null)?.head ?? '';
}

/** One frame for each scope. */
function framesOf(rows: TextRow[]): Map<string, FrameText> {
  const byScope = new Map<string, { rows: string[]; gone: string[] }>();
  for (const { scope, rows: live, gone, head: text } of rows) {
    if (text !== null) continue;
    const frame = byScope.get(scope) ?? { rows: [], gone: [] };
    if (live !== null) frame.rows.push(live);
    if (gone !== null) frame.gone.push(gone);
    byScope.set(scope, frame);
  }
  const frames = [...byScope].map(([scope, { rows: live, gone }]): [string, FrameText] => {
    const tombstones = gone.length > 0 ? `,"gone":[${gone.join(',')}]` : '';
    const json = `{"kind":"rows","scope":${JSON.stringify(scope)},"rows":[${live.join(',')}]${tombstones}}`;
    return [scope, { json, scope }];
  });
  return new Map(frames);
}

/**
 * What browsers of one tenant that have nothing yet may hold, all of it, in one statement and hence one snapshot; who
 * has much to load is left out.
 * @param db of the kind `catchUp`
 * @param most entries for one browser
 */
export async function readFirst<A extends Asker>(
  db: Db,
  tenantId: TenantId,
  askers: A[],
  most: number,
): Promise<Map<A, Read>> {
  const rows = await readTenant(tenantId, () =>
    runSql<TextRow>(db, firstSql, [
      storedId(tenantId),
      storedIds(askers.map(({ userId }) => userId)),
      storedIds(askers.map(({ syncClientId }) => syncClientId)),
      storedId(systemTenantId),
      mostOfScope,
    ]),
  );
  const said: First = JSON.parse(headOf(rows));
  const allowedOf = new Map(said.allowed);
  const sizes = new Map(said.sizes);
  const frameOf = framesOf(rows);
  const answers = new Map<A, Read>();
  for (const [at, asker] of askers.entries()) {
    const allowed = allowedOf.get(at + 1) ?? [];
    const found = allowed.map((scope) => sizes.get(scope) ?? 0);
    const sum = found.reduce((all, one) => all + one, 0);
    if (sum > most || found.some((one) => one > mostOfScope)) continue;
    const frames = allowed.flatMap((scope) => frameOf.get(scope) ?? []);
    answers.set(asker, { state: said.state, allowed, frames });
  }
  return answers;
}

/** Who has larger scopes is served by itself, in parts if need be. */
const mostOfScope = 500;

type First = {
  state: SyncState;
  allowed: [number, string[]][] | null;
  sizes: [string, number][] | null;
};

/**
 * What is new to a browser: of scopes it holds what it has not seen, of others it may hold everything.
 * @param db of the kind `catchUp`
 * @param wanted.most with more entries than this there are no frames, and `tooMuch` says so
 */
export function readNews(
  db: Db,
  asker: Asker,
  { held, seen, most }: { held: string[]; seen: Snapshot; most: number },
): Promise<Read & { tooMuch: boolean }> {
  return read(db, newsSql, asker, [held, seen, most]);
}

/** How many entries {@link readNews} would have, by scope and table; of now, since it only says how to cut. */
export function countEntries(
  db: Db,
  asker: Asker,
  { kept, seen, fresh }: { kept: string[]; seen: Snapshot; fresh: string[] },
): Promise<{ scope: string; tbl: number; entries: number }[]> {
  return readTenant(asker.tenantId, () => runSql(db, countSql, [...valuesOf(asker), kept, seen, fresh]));
}

/** The entries of a part with their bodies; `seen` stands for a place that has seen nothing. */
export function readPart(
  db: Db,
  asker: Asker,
  { s, t, fresh, groups }: Extract<Place, { groups: EntryGroup[] }>,
  nothingSeen: Snapshot,
): Promise<Read> {
  return read(db, partSql, asker, [
    s ?? nothingSeen,
    t,
    fresh,
    groups.map(({ scope }) => scope),
    groups.map(({ tbl }) => tbl),
    groups.map(({ of }) => of),
    groups.map(({ slice }) => slice),
  ]);
}
