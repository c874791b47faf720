import { type IdPrefix, idPrefixes, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { type SyncTableName, syncColumns } from '@raptscallions/zod-schemas/sync_table';
import { snakeCase } from './table_names';

/** A row as somebody sees it: its version, and its columns as JSON in the order of the synced table. */
export type Seen = { rev: number; columns: string };

/** table and id, as `classes 0190…`, to what is seen of it */
export type Sight = Map<string, Seen>;

export function uuidOf(id: string): string {
  const prefix = id.slice(0, id.lastIndexOf('-'));
  const known = idPrefixes.find((one): one is IdPrefix => one === prefix);
  if (!known) throw new Error(`${id} has no known prefix`);
  return uuidFromId(known, id);
}

/** A row of a device. */
export function seenOnDevice(table: SyncTableName, row: object): Seen {
  const columns = syncColumns[table].map(({ name, kind }) => {
    const value: unknown = Reflect.get(row, name);
    return kind === 'id' && typeof value === 'string' ? uuidOf(value) : (value ?? null);
  });
  return { rev: Number(Reflect.get(row, '$rev')), columns: JSON.stringify(columns) };
}

/** A row as PostgreSQL's `to_jsonb` tells it. */
export function seenInDatabase(table: SyncTableName, body: Record<string, unknown>): Seen {
  const columns = syncColumns[table].map(({ name, kind }) => {
    const value = body[snakeCase(name)];
    return kind === 'timestamp' && typeof value === 'string' ? millisecondsOf(value) : (value ?? null);
  });
  return { rev: Number(body.rev), columns: JSON.stringify(columns) };
}

/** PostgreSQL keeps microseconds; the wire has milliseconds, rounded as its double precision does: halves to even. */
function millisecondsOf(timestamp: string): number {
  const [, fraction = ''] = /\.(\d+)/.exec(timestamp) ?? [];
  const micros = Date.parse(timestamp.replace(/\.\d+/, '')) * 1_000 + Number(fraction.padEnd(6, '0'));
  const exact = (micros / 1_000_000) * 1_000;
  const up = Math.round(exact);
  return up - exact === 0.5 && up % 2 !== 0 ? up - 1 : up;
}

/** How two sights differ, in at most three pieces; null when they do not. */
export function difference(shown: Sight, expected: Sight): string | null {
  const pieces: string[] = [];
  for (const [key, seen] of shown) {
    const should = expected.get(key);
    if (should === undefined) pieces.push(`shows ${key}, which it may not see or is gone`);
    else if (should.rev !== seen.rev) pieces.push(`shows ${key} at rev ${seen.rev} instead of ${should.rev}`);
    else if (should.columns !== seen.columns)
      pieces.push(`shows ${key} as ${seen.columns} instead of ${should.columns}`);
  }
  for (const key of expected.keys()) if (!shown.has(key)) pieces.push(`does not show ${key}`);
  return pieces.length === 0 ? null : pieces.slice(0, 3).join('; ');
}
