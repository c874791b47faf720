import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSql } from '../db/run_sql';
import { storedId } from '../db/stored_id';
import { answerTo } from '../test/answer_to';
import { buildMirror } from '../test/build_mirror';
import { callers } from '../test/build_mirror_school';
import { rightsTable } from '../test/rights_table';
import { servedProcedures } from '../test/served_routers';
import { tenantTables } from '../test/tenant_tables';

const writers = servedProcedures.flatMap((one) => {
  const right = rightsTable[one.path];
  // The last one: whoever may do most, so that edits inside of a push are done too.
  const caller = callers.findLast((name) => name !== 'anonymous' && right?.own.does?.includes(name));
  return right && caller && !right.reads ? [{ ...one, right, caller }] : [];
});

let mirror: Awaited<ReturnType<typeof buildMirror>>;
let tables: string[];
let builtAt = 0;
beforeAll(async () => {
  mirror = await buildMirror();
  builtAt = Date.now();
  // Entries hold the number of the transaction, refusals an id the server makes: both differ each time.
  tables = (await tenantTables(mirror.app)).filter(
    (table) => !['sync_entry', 'sync_refusals'].includes(table),
  );
});
afterAll(() => mirror.close());

/** What somebody would add who hopes that the whole input is stored. */
function hostileFields(): Record<string, unknown> {
  const { here, there } = mirror;
  return {
    tenantId: there.tenantId,
    role: 'system_admin',
    isAdmin: true,
    status: 'completed',
    userId: here.people.teacher,
    authorUserId: here.people.teacher,
    ownerUserId: here.people.pupil,
    assignedByUserId: here.people.pupil,
    viewerUserId: here.people.pupil,
    pausedByUserId: here.people.teacher,
    kind: 'product',
    slug: 'taken-over',
    version: '9.9.9',
    path: 'a',
    seq: 99,
    answerSeq: 99,
    lastSeq: 99,
    lastMid: 99,
    messageCount: 99,
    attempt: 99,
    rev: 99,
    outcome: 'blocked',
    meta: { hacked: true },
    shownToStaff: true,
    hiddenAt: 1,
    replacedAt: 1,
    publishedAt: 1,
    completedAt: 1,
    deletedAt: 1,
    createdAt: 1,
    updatedAt: 1,
    $set: { role: 'system_admin' },
    'constructor.prototype.role': 'system_admin',
  };
}

/** The input with them beside what is declared, on every level. */
function withHostileFields(input: unknown): unknown {
  if (Array.isArray(input)) return input.map(withHostileFields);
  if (typeof input !== 'object' || input === null) return input;
  const parts = Object.entries(input).map(([name, part]) => [name, withHostileFields(part)]);
  return { ...hostileFields(), ...Object.fromEntries(parts) };
}

/** A uuid of version 7 begins with its moment in milliseconds. */
const uuid7 = /\b([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** All rows of the tenant as the open transaction sees them; moments of this test, and what ends so long after them, all read alike. */
async function rowsInside(): Promise<Record<string, unknown[]>> {
  const { app, here } = mirror;
  const dump: Record<string, unknown[]> = {};
  for (const table of tables) {
    const rows = await runSql<{ row: unknown }>(
      app.db,
      `select to_jsonb(t) as row from ${table} t where tenant_id = $1 order by t::text`,
      [storedId(here.tenantId)],
    );
    const recent = /"(\d{4}-\d\d-\d\dT[\d:.]+[^"]*)"/g;
    const text = JSON.stringify(rows.map(({ row }) => row)).replace(recent, (whole, moment: string) =>
      Date.parse(moment) > Date.now() - 600_000 ? '"now or later"' : whole,
    );
    // Ids the server makes differ each time too; those of the mirror, which a hostile field would bring in, are older.
    const ids = text.replace(uuid7, (whole, high: string, low: string) =>
      Number.parseInt(high + low, 16) >= builtAt ? 'new id' : whole,
    );
    dump[table] = JSON.parse(ids);
  }
  return dump;
}

/** Rows in an order that the text of a moment cannot change. */
function sorted(dump: Record<string, unknown[]>) {
  return Object.fromEntries(
    Object.entries(dump).map(([table, rows]) => [table, rows.map((row) => JSON.stringify(row)).sort()]),
  );
}

test('there are procedures that write, and none of them is left out', () => {
  expect(writers.length).toBeGreaterThan(15);
});

test.each(writers)('$path stores no field that it has not declared', async ({ right, caller, ...one }) => {
  const { here } = mirror;
  const input = right.input(here.things);
  const after = (given: unknown) =>
    mirror.undone(here, async () => {
      const answer = await answerTo(one, given, here.contexts[caller]);
      return { answer, rows: sorted(await rowsInside()) };
    });
  const plain = await after(input);
  expect(plain.answer).toHaveProperty('ok');
  const added = await after(withHostileFields(input));
  // A schema may refuse what it does not know; what it lets pass must have changed nothing.
  if ('ok' in added.answer) expect(added.rows).toEqual(plain.rows);
  else expect(added.answer.code).toBe('BAD_REQUEST');
});
