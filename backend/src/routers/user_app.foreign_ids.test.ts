import { editInputs } from '@raptscallions/zod-schemas/edit.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSql } from '../db/run_sql';
import { storedId } from '../db/stored_id';
import { type Answer, answerTo } from '../test/answer_to';
import { buildMirror } from '../test/build_mirror';
import { callers } from '../test/build_mirror_school';
import { idsIn, richIdText, uuidText } from '../test/ids_in';
import { anotherId } from '../test/missing_things';
import { rightsTable } from '../test/rights_table';
import { servedProcedures } from '../test/served_routers';
import { tenantTables } from '../test/tenant_tables';

/** Every pair is one call with ids of the other school and the same call with ids of nothing. */
const pairs = 10_500;
const lanes = 5;
const seed = 20_260_101;

const listed = servedProcedures;
const targets = listed.flatMap((one) => {
  const right = rightsTable[one.path];
  return right ? [{ ...one, right }] : [];
});
const people = callers.filter((caller) => caller !== 'anonymous' && caller !== 'suspended');

let mirror: Awaited<ReturnType<typeof buildMirror>>;
/** every uuid that stands in a row of the other school and in none of ours */
let theirUuids: Set<string>;
/** their rich ids by kind, and cursors that were given to them */
const theirIds = new Map<string, RichId[]>();
const theirCursors: string[] = [];

beforeAll(async () => {
  mirror = await buildMirror();
  const { here, there } = mirror;
  for (const id of [here.tenantId, ...Object.values(here.things), ...Object.values(here.people)]) {
    const kind = id.slice(0, id.indexOf('-'));
    theirIds.set(kind, [...(theirIds.get(kind) ?? []), id]);
  }
  const uuidsOf = async (school: typeof here) => {
    const found = new Set<string>();
    for (const table of await tenantTables(mirror.app)) {
      const rows = await runSql<{ text: string }>(
        mirror.app.systemDb,
        `select t::text as text from ${table} t where tenant_id = $1`,
        [storedId(school.tenantId)],
      );
      for (const { text } of rows) for (const uuid of text.match(uuidText) ?? []) found.add(uuid);
    }
    return found;
  };
  const ours = await uuidsOf(there);
  theirUuids = new Set([...(await uuidsOf(here))].filter((uuid) => !ours.has(uuid)));
  const give = async (path: string, input: unknown) => {
    const one = listed.find((candidate) => candidate.path === path);
    const answer = one && (await answerTo(one, input, here.contexts.systemAdmin));
    const text = JSON.stringify(answer);
    for (const [, cursor] of text.matchAll(/"(?:cursor|next)":"([^"]+)"/g))
      if (cursor) theirCursors.push(cursor);
  };
  await give('classes.list', { limit: 1 });
  await give('runs.list', { limit: 1 });
  await give('sync.pull', {
    syncClientId: here.things.syncClientId.replace(/.$/, '0'),
    cursor: null,
    scopes: [],
  });
});
afterAll(() => mirror.close());

/** A small generator of numbers from 0 to 1 (mulberry32), so that a failure can be repeated. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Every string of a value, the inside of our cursors included, as `change` makes it. */
function mapStrings(value: unknown, change: (text: string, name: string) => unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((part) => mapStrings(part, change, name));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, mapStrings(part, change, key)]),
    );
  }
  if (typeof value !== 'string') return value === null ? change('', name) || null : value;
  const inside = /^eyJ[\w-]+$/.test(value) ? Buffer.from(value, 'base64url').toString('utf8') : undefined;
  if (!inside) return change(value, name);
  const changed = mapStrings(JSON.parse(inside), change, name);
  return Buffer.from(JSON.stringify(changed)).toString('base64url');
}

function textOf(value: unknown): string {
  return JSON.stringify(mapStrings(value, (text) => text)) ?? '';
}

/** Ids and cursors of the other school in place of some of ours. */
function withTheirs(input: unknown, random: () => number): unknown {
  const pick = <T>(from: T[]): T | undefined => from[Math.floor(random() * from.length)];
  const replaceIds = (text: string) =>
    text.replace(richIdText, (id) =>
      random() < 0.6 ? (pick(theirIds.get(id.slice(0, id.indexOf('-'))) ?? []) ?? id) : id,
    );
  return mapStrings(input, (text, name) => {
    if (name === 'cursor' || name === 'next') return random() < 0.5 ? (pick(theirCursors) ?? '') : text;
    if (name === 'scopes' && random() < 0.3) return text.replace(richIdText, (id) => storedId(id as RichId));
    return replaceIds(text);
  });
}

/** The same input, with new ids where theirs stand: what somebody would send who guesses. */
function withNobodys(input: unknown): unknown {
  const known = new Map<string, RichId>();
  return mapStrings(input, (text) =>
    text.replace(richIdText, (id) => {
      if (!theirUuids.has(storedId(id as RichId))) return id;
      const other = known.get(id) ?? anotherId(id as RichId);
      known.set(id, other);
      return other;
    }),
  );
}

/** What of the other school stands in an answer and was not in the question. */
function leaksIn(answer: Answer, sent: unknown): string[] {
  const said = textOf(answer);
  const known = idsIn(textOf(sent));
  const ids = [...idsIn(said)].filter((uuid) => theirUuids.has(uuid) && !known.has(uuid));
  return said.includes(mirror.here.marker) ? [mirror.here.marker, ...ids] : ids;
}

const verdictOf = (answer: Answer) => ('code' in answer ? `${answer.code}: ${answer.message}` : 'ok');

test('the look at an answer finds their ids and their words, which it must, given an answer of their own', async () => {
  const { here } = mirror;
  for (const path of ['runs.list', 'classes.list', 'sync.pull', 'runs.inspectPrompt', 'runs.watch']) {
    const one = targets.find((target) => target.path === path);
    if (!one) throw new Error(`no ${path}`);
    const caller = path === 'runs.watch' ? 'pupil' : 'systemAdmin';
    const answer = await mirror.undone(here, () =>
      answerTo(one, one.right.input(here.things), here.contexts[caller]),
    );
    expect({ path, words: leaksIn(answer, {})[0] }).toEqual({ path, words: here.marker });
  }
});

test(`${2 * pairs} calls with ids of another school: none shows or changes anything, and each looks like a guess`, async () => {
  const { here, there } = mirror;
  const before = await mirror.digest(here);
  const edits = Object.keys(editInputs);
  const count = { calls: 0, refused: 0, done: 0, askedAgain: 0 };

  async function ask(
    one: (typeof targets)[number],
    caller: (typeof people)[number],
    input: unknown,
  ): Promise<Answer> {
    count.calls++;
    const work = () => answerTo(one, input, there.contexts[caller]);
    for (;;) {
      // Also a pull: it remembers the device, and a foreign one would be known the next time.
      const answer = await mirror.undone(there, work);
      // Lanes may lock each other out; the database then asks for the same call again.
      if ('code' in answer && answer.code === 'SERVICE_UNAVAILABLE') continue;
      return answer;
    }
  }

  async function lane(at: number): Promise<void> {
    const random = randomFrom(seed + at);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    for (let round = 0; round < pairs / lanes; round++) {
      const one = pick(targets);
      const caller = pick(people);
      let own = one.right.input(there.things);
      if (one.path === 'sync.push') {
        const name = pick(edits);
        const args = rightsTable[name]?.input(there.things);
        own = { syncClientId: there.things.syncClientId, mutations: [{ mid: 1, name, args }] };
      } else if (one.path.endsWith('.list') && random() < 0.5) own = { cursor: pick(theirCursors) };
      const theirs = withTheirs(own, random);
      const where = `seed ${seed + at}, round ${round}: ${caller} calls ${one.path} with ${textOf(theirs)}`;
      const answer = await ask(one, caller, theirs);
      expect(leaksIn(answer, theirs), where).toEqual([]);
      const guessed = await ask(one, caller, withNobodys(theirs));
      if (verdictOf(guessed) !== verdictOf(answer)) {
        // Sign-ins are of the installation and not undone: another lane may have given the caller a password
        // between the two. What tells their ids from a guess does so every time.
        count.askedAgain++;
        const again = await ask(one, caller, theirs);
        expect(verdictOf(await ask(one, caller, withNobodys(theirs))), where).toBe(verdictOf(again));
      }
      if ('code' in answer) count.refused++;
      else count.done++;
    }
  }

  await Promise.all(Array.from({ length: lanes }, (_, at) => lane(at)));
  expect(count.calls).toBeGreaterThanOrEqual(20_000);
  // Each caller is given a first password once.
  expect(count.askedAgain).toBeLessThanOrEqual(2 * people.length);
  // Were everything refused, or nothing, the calls would prove little.
  expect(Math.min(count.refused, count.done)).toBeGreaterThan(pairs / 20);
  expect(await mirror.digest(here)).toEqual(before);
}, 600_000);
