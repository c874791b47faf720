import { abilityFor } from '@raptscallions/policies/ability';
import { type EditName, editInputs } from '@raptscallions/zod-schemas/edit.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enterTenant } from '../db/enter_tenant';
import { stored, storedId } from '../db/stored_id';
import { loadActor } from '../modules/users/services/load_actor.service';
import { type Answer, answerTo } from '../test/answer_to';
import { buildMirror } from '../test/build_mirror';
import { callers, type School, type Things } from '../test/build_mirror_school';
import { idsIn } from '../test/ids_in';
import type { ListedProcedure } from '../test/list_procedures';
import { missingThings } from '../test/missing_things';
import { expectedForeign, expectedOwn } from '../test/rights/expected_outcome';
import type { Outcome, Right } from '../test/rights/right';
import { rightsAreas, rightsTable } from '../test/rights_table';
import { servedProcedures } from '../test/served_routers';

const listed = servedProcedures;
const covered = listed.flatMap((one) => {
  const right = rightsTable[one.path];
  return right ? [{ ...one, right }] : [];
});

let mirror: Awaited<ReturnType<typeof buildMirror>>;
beforeAll(async () => {
  mirror = await buildMirror();
});
afterAll(() => mirror.close());

const signedInCallers = callers.filter((caller) => caller !== 'anonymous' && caller !== 'suspended');

function outcomeOf(answer: Answer, right: Right, things: Things): Outcome {
  if ('code' in answer) return answer.code as Outcome;
  if (!right.looksFor) return 'does';
  const id = right.looksFor(things);
  return idsIn(JSON.stringify(answer.ok)).has(storedId(id)) ? 'shows' : 'hides';
}

/** One cell: what somebody of `school` is answered about these things. Nothing of it stays. */
async function cell(
  one: ListedProcedure & { right: Right },
  school: School,
  caller: (typeof callers)[number],
  things: Things,
) {
  const work = () => answerTo(one, one.right.input(things), school.contexts[caller]);
  const answer = one.right.reads ? await work() : await mirror.undone(school, work);
  return { answer, outcome: outcomeOf(answer, one.right, things) };
}

test('every procedure of the router has its line in the table of rights, and no line is left over', () => {
  const missing = listed.map(({ path }) => path).filter((path) => !rightsTable[path]);
  const hint = missing.map(
    (path) =>
      `Add a line '${path}' to its area in backend/src/test/rights/: a valid input, who gets what in their own school, what everybody of another tenant gets, and the policy behind it.`,
  );
  expect(hint).toEqual([]);
  const known = new Set(listed.map(({ path }) => path));
  expect(Object.keys(rightsTable).filter((path) => !known.has(path))).toEqual([]);
  // In two areas the later line would silently win.
  expect(rightsAreas.flatMap(Object.keys).sort()).toEqual(Object.keys(rightsTable).sort());
});

/** A refusal is a code; whoever is answered `does`, `shows` or `hides`. */
const isRefusal = (outcome: Outcome) => outcome === outcome.toUpperCase();

test.each(covered)(
  '$path answers everybody as the table says, in their own school and in another, and a refusal leaves nothing behind',
  async (one) => {
    const { here, there } = mirror;
    const cells = callers.flatMap((caller) => [
      { name: `${caller}, own`, school: here, caller, expected: expectedOwn(one.right, caller) },
      { name: `${caller}, foreign`, school: there, caller, expected: expectedForeign(one.right, caller) },
    ]);
    const actual: Record<string, Outcome> = {};
    const tryAll = async (some: typeof cells) => {
      for (const { name, school, caller } of some)
        actual[name] = (await cell(one, school, caller, here.things)).outcome;
    };

    // First whoever is refused: what is written past the transaction, to the sign-ins for instance, is not undone.
    const all = await mirror.digest(here, there);
    await tryAll(cells.filter(({ expected }) => isRefusal(expected)));
    expect(await mirror.digest(here, there)).toEqual(all);
    const ours = await mirror.digest(here);
    await tryAll(cells.filter(({ expected, school }) => !isRefusal(expected) && school === there));
    expect(await mirror.digest(here)).toEqual(ours);
    await tryAll(cells.filter(({ expected, school }) => !isRefusal(expected) && school === here));
    expect(actual).toEqual(Object.fromEntries(cells.map(({ name, expected }) => [name, expected])));
  },
);

test.each(covered)('$path: a foreign thing and one that does not exist look the same', async (one) => {
  const { here, there } = mirror;
  for (const caller of callers) {
    const foreign = await cell(one, there, caller, here.things);
    const missing = await cell(one, there, caller, missingThings(here.things));
    expect(missing.outcome).toBe(foreign.outcome);
    if ('code' in foreign.answer) expect(missing.answer).toEqual(foreign.answer);
  }
});

test.each(covered.filter(({ right }) => right.policy))(
  '$path lets exactly those whom the declared policy lets',
  async ({ right }) => {
    const { app, here } = mirror;
    for (const caller of signedInCallers) {
      const actor = await enterTenant(app.db, here.tenantId, () =>
        loadActor(app.db, here.tenantId, here.people[caller]),
      );
      const granted = ['does', 'shows'].includes(expectedOwn(right, caller));
      expect({ caller, granted: right.policy?.(abilityFor(actor), here.things) }).toEqual({
        caller,
        granted,
      });
    }
  },
);

test.each(Object.keys(editInputs) as EditName[])(
  '%s, pushed from an outbox, is refused to the same people for the same reason',
  async (name) => {
    const { app, here } = mirror;
    const right = rightsTable[name];
    const push = listed.find(({ path }) => path === 'sync.push');
    if (!right || !push) throw new Error('no line');
    for (const school of [here, mirror.there]) {
      for (const caller of signedInCallers) {
        const syncClientId = newId('device');
        const mutations = [{ mid: 1, name, args: right.input(here.things) }];
        const refusal = await mirror.undone(school, async () => {
          const answer = await answerTo(push, { syncClientId, mutations }, school.contexts[caller]);
          expect(answer).toEqual({ ok: { __type: 'SyncPush', lastMid: 1 } });
          return await app.db.syncRefusals
            .where(stored({ tenantId: school.tenantId, syncClientId }))
            .takeOptional();
        });
        const expected = school === here ? expectedOwn(right, caller) : expectedForeign(right, caller);
        expect({ caller, code: refusal?.code ?? 'does' }).toEqual({ caller, code: expected });
      }
    }
  },
);
