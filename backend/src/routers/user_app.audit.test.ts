import { auditedActions } from '@raptscallions/zod-schemas/audit.zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storedId } from '../db/stored_id';
import { answerTo } from '../test/answer_to';
import { buildMirror } from '../test/build_mirror';
import { callers } from '../test/build_mirror_school';
import { ownWork } from '../test/own_work';
import { rightsTable } from '../test/rights_table';
import { servedProcedures } from '../test/served_routers';

const listed = servedProcedures;
const writes = listed.filter(({ path }) => !rightsTable[path]?.reads);
const audited = writes.flatMap((one) => {
  const right = rightsTable[one.path];
  // What nobody can do in the mirror, as fetching from a source of files, is tested where it is done.
  return (right?.own.does ?? right?.own.shows) && Object.hasOwn(auditedActions, one.path)
    ? [{ ...one, right }]
    : [];
});

let mirror: Awaited<ReturnType<typeof buildMirror>>;
beforeAll(async () => {
  mirror = await buildMirror();
});
afterAll(() => mirror.close());

test.each(writes)(
  '$path is kept in the audit log, or is on the list of those that are not, with its reason',
  ({ path }) => {
    const reason = ownWork[path];
    expect([Object.hasOwn(auditedActions, path), reason !== undefined]).toEqual([!reason, !!reason]);
    if (reason) expect(reason.split(' ').length).toBeGreaterThan(4);
  },
);

test('no line of the lists is left over', () => {
  const paths = new Set(listed.map(({ path }) => path));
  expect(
    [...Object.keys(auditedActions), ...Object.keys(ownWork)].filter((path) => !paths.has(path)),
  ).toEqual([]);
});

test.each(audited)(
  '$path leaves one entry that names who did it, and none when it is refused',
  async (one) => {
    const { app, here, undone } = mirror;
    const entries = () =>
      app.db.auditEntries.where({ action: one.path, tenantId: storedId(here.tenantId) }).whereNot({
        auditEntryId: storedId(here.things.auditEntryId),
      });
    const { does, shows } = one.right.own;
    const doer = (does ?? shows)?.[0];
    if (!doer || doer === 'anonymous') throw new Error(`nobody may do ${one.path}`);
    const [answer, made] = await undone(here, async () => {
      const given = await answerTo(one, one.right.input(here.things), here.contexts[doer]);
      return [given, await entries()] as const;
    });
    expect(answer).toHaveProperty('ok');
    expect(made.map(({ actorUserId }) => actorUserId)).toEqual([here.people[doer]]);
    // Of a list that is empty for strangers the log says that they looked.
    if (!does) return;
    const stranger = callers.find((caller) => caller === 'otherPupil' && !does.includes(caller));
    if (!stranger) return;
    const left = await undone(here, async () => {
      await answerTo(one, one.right.input(here.things), here.contexts[stranger]);
      return entries().count();
    });
    expect(left).toBe(0);
  },
);
