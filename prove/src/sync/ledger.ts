import type { EditName } from '@raptscallions/zod-schemas/edit.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { SyncTableName } from '@raptscallions/zod-schemas/sync_table';
import type { Device, Shown } from './device';
import type { Version } from './oracle';
import { uuidOf } from './sight';
import { snakeCase } from './table_names';

/** An edit as somebody makes it, and by what it is found again. */
export type PlannedEdit = {
  device: Device;
  name: EditName;
  make: (engine: Device['tabs'][number]['engine']) => Promise<void>;
  /** stands in its arguments, and in those of no other edit of its name */
  token: string;
  /** the row and column that say the token once it is done; null: it leaves no trace of its own */
  shows: { table: SyncTableName; id: RichId; column: string } | null;
  /** the tool of a draft, the version a chat is about */
  about: RichId | null;
  /** rows without which it shows nothing while it waits, as `chatSessions chat-01…` */
  needs: string[];
  /** a row that may leave its author's sight by it, or by what others do */
  hides: string | null;
  /** what a row has been at least once when an edit without a trace was done */
  leaves: { table: SyncTableName; id: RichId; test: (body: Record<string, unknown>) => boolean } | null;
};

type Edit = PlannedEdit & {
  userId: RichId<'user'>;
  /** `lost`: the tab crashed under it, so nobody was told it is kept; `dropped`: its author signed out without it */
  state: 'underway' | 'stored' | 'lost' | 'dropped';
};

const rowKey = ({ table, id }: { table: SyncTableName; id: RichId }) => `${table} ${id}`;

/** All edits of a history: what has become of each, and whether any of them was ever unsaid. */
export class Ledger {
  readonly edits: Edit[] = [];
  /** by device and row and column: the place, among its edits, of the newest one that was seen */
  readonly #seen = new Map<string, number>();

  constructor(readonly violate: (device: Device, what: string) => void) {}

  async make(planned: PlannedEdit): Promise<void> {
    const tab = planned.device.tabs[0];
    if (!tab) return;
    const edit: Edit = { ...planned, userId: planned.device.person.userId, state: 'underway' };
    this.edits.push(edit);
    try {
      await planned.make(tab.engine);
      if (edit.state === 'underway') edit.state = 'stored';
    } catch {
      edit.state = 'lost';
    }
  }

  /** Somebody signed out and left these behind. */
  drop(device: Device, userId: RichId<'user'>): void {
    for (const edit of this.edits)
      if (edit.device === device && edit.userId === userId) edit.state = 'dropped';
  }

  /** Those that were kept when a look begins; what comes later may be shown or not. */
  stored(): Set<Edit> {
    return new Set(this.edits.filter(({ state }) => state === 'stored'));
  }

  /** What somebody has done stays shown, and the newest of it, unless it was refused. */
  checkShown(device: Device, stored: ReadonlySet<Edit>, shown: Shown): void {
    if (!shown.loaded) return;
    const isRefused = ({ name, token }: Edit) =>
      shown.refused.some((refusal) => refusal.name === name && refusal.args.includes(token));
    for (const [place, edits] of this.#things(device, shown.userId)) {
      const [first] = edits;
      if (!first?.shows || isRefused(first) || first.state === 'dropped') continue;
      const row = shown.rows.get(rowKey(first.shows));
      const key = `${device.name} ${shown.userId} ${place}`;
      const before = this.#seen.get(key);
      if (!row) {
        if (before !== undefined && !this.#mayVanish(first, shown))
          this.violate(device, `what was made vanished: ${first.name} ${first.token} of ${place}`);
        continue;
      }
      const value = String(Reflect.get(row, first.shows.column));
      const at = edits.findLastIndex(({ token }) => value.includes(token));
      const least = edits.findLastIndex(
        (edit, place) => !isRefused(edit) && (place <= (before ?? -1) || stored.has(edit)),
      );
      if (at < least && before !== undefined)
        this.violate(device, `${place} went back to “${value}” from ${edits[least]?.token}`);
      this.#seen.set(key, Math.max(before ?? -1, at));
    }
  }

  /** The edits of one person on one device by the column they write, in their order. */
  #things(device: Device, userId: string): Map<string, Edit[]> {
    const things = new Map<string, Edit[]>();
    for (const edit of this.edits) {
      if (edit.device !== device || edit.userId !== userId || !edit.shows) continue;
      const place = `${rowKey(edit.shows)} ${edit.shows.column}`;
      things.set(place, [...(things.get(place) ?? []), edit]);
    }
    return things;
  }

  #mayVanish(first: Edit, shown: Shown): boolean {
    if (!first.shows) return true;
    const key = rowKey(first.shows);
    if (this.edits.some(({ hides }) => hides === key || (hides && first.needs.includes(hides)))) return true;
    // A waiting edit whose ground is gone shows nothing; the server will say what becomes of it.
    const waits = shown.waiting.some((args) => args.includes(first.token));
    return waits && first.needs.some((need) => !shown.rows.has(need));
  }

  /**
   * Every edit was done once, or refused once and shown; one that was never promised, at most once.
   * @param ends what the devices show at the end
   * @returns where that does not hold
   */
  findUnended(
    versions: readonly Version[],
    ends: readonly { device: Device; shown: Shown }[],
  ): { device: Device; text: string }[] {
    return ends.flatMap(({ device, shown }) => {
      const mine = this.edits.filter((edit) => edit.device === device && edit.userId === shown.userId);
      const promised = mine.filter(({ state }) => state === 'stored').length;
      const possible = mine.filter(({ state }) => state !== 'dropped').length;
      const counted = countSettled(versions, device.clients.get(uuidOf(shown.userId)) ?? new Set());
      const miscounted =
        counted < promised || counted > possible
          ? [`the server counted ${counted} edits of ${promised} to ${possible} that were made`]
          : [];
      const texts = [...mine.flatMap((edit) => findProblem(edit, versions, shown)), ...miscounted];
      return texts.map((text) => ({ device, text }));
    });
  }
}

/** What is wrong with the end of one edit, if anything. */
function findProblem(
  { name, token, shows, leaves, state }: Edit,
  versions: readonly Version[],
  shown: Shown,
): string[] {
  const refused = shown.refused.filter(
    (refusal) => refusal.name === name && refusal.args.includes(token),
  ).length;
  const applied = shows ? countApplied(versions, shows, token) : null;
  const times = (applied ?? 0) + refused;
  if (times > 1 || (state === 'stored' && applied !== null && times === 0))
    return [`${name} ${token} was applied ${applied} times and refused ${refused} times`];
  if (state !== 'stored' || refused > 0 || !leaves) return [];
  const { table, id, test } = leaves;
  const was = versions.some(
    ({ tbl, row_id, body }) => tbl === snakeCase(table) && row_id === uuidOf(id) && body && test(body),
  );
  return was ? [] : [`${name} ${token} was neither done nor refused`];
}

/** How often a row came to say the token. */
function countApplied(
  versions: readonly Version[],
  { table, id, column }: NonNullable<PlannedEdit['shows']>,
  token: string,
): number {
  const tbl = snakeCase(table);
  const rowId = uuidOf(id);
  const said = column.endsWith('Id') ? uuidOf(token) : token;
  let times = 0;
  let saysIt = false;
  for (const version of versions) {
    if (version.tbl !== tbl || version.row_id !== rowId) continue;
    const says = String(version.body?.[snakeCase(column)] ?? '').includes(said);
    if (says && !saysIt) times += 1;
    saysIt = says;
  }
  return times;
}

/** How many edits the server has settled for these browser profiles. */
function countSettled(versions: readonly Version[], clients: ReadonlySet<string>): number {
  const counts = new Map<string, number>();
  for (const { tbl, row_id: id, body } of versions)
    if (tbl === 'sync_clients' && clients.has(id)) counts.set(id, Number(body?.last_mid ?? 0));
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
