import { abilityFor, may } from '@raptscallions/policies/ability';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { syncTables } from '@raptscallions/zod-schemas/sync_table';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enterTenant } from '../../db/enter_tenant';
import { runSql } from '../../db/run_sql';
import { stored, storedId } from '../../db/stored_id';
import { buildApp, buildSchool } from '../../test/build_app';
import { loadActor } from '../users/services/load_actor.service';
import { scopesOfUser } from './services/scopes_of_user.service';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
beforeAll(async () => {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
});
afterAll(() => built.close());

/** A seeded sequence, printed with a failure through the test's title. */
function seeded(seed: number) {
  let state = seed;
  return (limit: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state % limit;
  };
}

async function writeRandomSchool(seed: number): Promise<UserId[]> {
  const below = seeded(seed);
  const db = built.app.systemDb;
  const { tenantId } = school;
  const pick = <T>(from: T[]): T => {
    const item = from[below(from.length)];
    if (item === undefined) throw new Error('empty');
    return item;
  };
  const department = newId('group');
  const path = `a.b.c${seed}`;
  await db.groups.create({
    tenantId,
    groupId: department,
    parentGroupId: school.school,
    name: `Dept ${seed}`,
    kind: 'department',
    path,
  });
  const groups = [school.district, school.school, department];
  const people: UserId[] = [];
  for (let at = 0; at < 12; at++)
    people.push(
      await school.addPerson(
        pick(['teacher', 'student', 'student', 'group_admin', 'system_admin'] as const),
        pick(groups),
      ),
    );
  for (let at = 0; at < 5; at++) {
    const classId = newId('class');
    await db.classes.create({ tenantId, classId, groupId: pick(groups), name: `Class ${seed} ${at}` });
    const members = new Set(Array.from({ length: 4 }, () => pick(people)));
    for (const userId of members) {
      await db.classMembers.create({
        tenantId,
        classMemberId: newId('classmember'),
        classId,
        userId,
        role: pick(['teacher', 'student'] as const),
      });
    }
    const tool = await school.addTool(pick(people));
    const assignmentId = newId('assignment');
    await db.assignments.create({ tenantId, assignmentId, classId, ...tool, title: 'x' });
    const [pupil] = members;
    if (!pupil) continue;
    const chatSessionId = newId('chat');
    const own = { tenantId, chatSessionId, userId: pupil, classId };
    const hiddenAt = below(3) === 0 ? Date.now() : null;
    await db.chatSessions.create({ ...own, ...tool, assignmentId });
    await db.messages.create({
      ...own,
      messageId: newId('message'),
      seq: 1,
      role: 'user',
      text: 'x',
      shownToStaff: below(2) === 0,
    });
    await db.runs.create({ ...own, runId: newId('run'), toolVersionId: tool.toolVersionId });
    const note = { module: 'm', kind: 'k', label: 'x', classId: below(3) === 0 ? null : classId };
    await db.messageNotes.create({ ...own, ...note, messageNoteId: newId('note') });
    const formRunId = newId('run');
    const { toolVersionId } = tool;
    const form = { tenantId, runId: formRunId, userId: pupil, classId: below(4) === 0 ? null : classId };
    await db.runs.create({ ...form, toolVersionId, kind: 'product' });
    await db.productResults.create({ ...form, ...tool, input: {}, shownToStaff: below(2) === 0 });
    await db.messageNotes.create({ ...note, ...form, messageNoteId: newId('note') });
    if (below(3) === 0) await db.productResults.where(stored({ runId: formRunId })).update({ hiddenAt: 1 });
    if (hiddenAt) await db.chatSessions.where(stored({ chatSessionId })).update({ hiddenAt });
    // What moves afterwards: a class to another group, a member out, an assignment back, a class away.
    if (below(3) === 0) await db.classes.where(stored({ classId })).update({ groupId: pick(groups) });
    if (below(3) === 0) await db.classMembers.where(stored({ classId, userId: pick([...members]) })).delete();
    if (below(4) === 0)
      await db.assignments.where(stored({ assignmentId })).update({ deletedAt: Date.now() });
    if (below(4) === 0)
      await db.groupMembers
        .where({ ...stored({ tenantId, userId: pick(people) }) })
        .update({ role: pick(['teacher', 'system_admin'] as const) });
    if (below(5) === 0) await db.classes.where(stored({ classId })).update({ deletedAt: Date.now() });
  }
  // A group that is put away is nobody's any more, nor what its members held by it.
  const spare = newId('group');
  await db.groups.create({
    tenantId,
    groupId: spare,
    parentGroupId: department,
    name: `Spare ${seed}`,
    kind: 'custom',
    path: `${path}.spare`,
  });
  for (const role of ['system_admin', 'student'] as const) people.push(await school.addPerson(role, spare));
  if (below(2) === 0) await db.groups.where(stored({ groupId: spare })).update({ deletedAt: Date.now() });
  return people;
}

/** Every row of the tenant with what the policies want to know about it, under the name the sync gives it. */
async function readRows() {
  const db = built.app.systemDb;
  const tenant = stored({ tenantId: school.tenantId });
  const [
    users,
    contacts,
    groups,
    groupMembers,
    classes,
    classMembers,
    tools,
    versions,
    sources,
    assignments,
    sessions,
    messages,
    runs,
    products,
    notes,
  ] = await Promise.all([
    db.users.where(tenant),
    db.userContacts.where(tenant),
    db.groups.where(tenant),
    db.groupMembers.where(tenant),
    db.classes.where(tenant),
    db.classMembers.where(tenant),
    db.tools.where(tenant),
    db.toolVersions.where(tenant),
    db.toolSources.where(tenant),
    db.assignments.where(tenant),
    db.chatSessions.where(tenant),
    db.messages.where(tenant),
    db.runs.where(tenant),
    db.productResults.where(tenant),
    db.messageNotes.where(tenant),
  ]);
  const groupOf = new Map(classes.map((row) => [row.classId, row.groupId]));
  const hidden = new Map(sessions.map((row) => [row.chatSessionId, row.hiddenAt !== null]));
  // Who is in a class that was put away is with that class, out of sight.
  const living = classMembers.filter((row) => groupOf.has(row.classId));
  const given = assignments.filter((row) => groupOf.has(row.classId));
  const person = (userId: UserId) => ({
    userId,
    groupIds: groupMembers.filter((row) => row.userId === userId).map((row) => row.groupId),
    classIds: living.filter((row) => row.userId === userId).map((row) => row.classId),
  });
  type Ability = ReturnType<typeof abilityFor>;
  const entries: { key: string; mayRead(ability: Ability): boolean }[] = [];
  const add = (table: keyof typeof syncTables, uuid: string, mayRead: (ability: Ability) => boolean) =>
    entries.push({ key: `${table} ${uuid}`, mayRead });
  for (const row of users)
    add('users', storedId(row.userId), (a) => may(a, 'read', 'User', person(row.userId)));
  for (const row of contacts)
    add('userContacts', storedId(row.userId), (a) => may(a, 'read', 'UserContact', person(row.userId)));
  for (const row of groups) {
    const within = groups.filter(({ path }) => `${path}.`.startsWith(`${row.path}.`));
    const groupIds = within.map(({ groupId }) => groupId);
    add('groups', storedId(row.groupId), (a) => may(a, 'read', 'Group', { groupId: row.groupId, groupIds }));
  }
  for (const row of groupMembers)
    add('groupMembers', storedId(row.groupMemberId), (a) => may(a, 'read', 'GroupMember', row));
  for (const row of classes) add('classes', storedId(row.classId), (a) => may(a, 'read', 'Class', row));
  for (const row of living) {
    const groupId = groupOf.get(row.classId);
    if (groupId)
      add('classMembers', storedId(row.classMemberId), (a) =>
        may(a, 'read', 'ClassMember', { ...row, groupId }),
      );
  }
  for (const row of tools) {
    const givenTo = given.filter((each) => each.toolId === row.toolId).map((each) => each.classId);
    add('tools', storedId(row.toolId), (a) => may(a, 'read', 'Tool', { ...row, givenTo }));
  }
  for (const row of versions) {
    const givenTo = given
      .filter((each) => each.toolVersionId === row.toolVersionId)
      .map((each) => each.classId);
    add('toolVersions', storedId(row.toolVersionId), (a) =>
      may(a, 'read', 'ToolVersion', { ...row, givenTo }),
    );
  }
  for (const row of sources)
    add('toolSources', storedId(row.toolVersionId), (a) => may(a, 'read', 'ToolSource', row));
  for (const row of given) {
    const groupId = groupOf.get(row.classId);
    if (groupId)
      add('assignments', storedId(row.assignmentId), (a) =>
        may(a, 'read', 'Assignment', { ...row, groupId }),
      );
  }
  for (const row of sessions)
    add('chatSessions', storedId(row.chatSessionId), (a) => may(a, 'read', 'ChatSession', row));
  for (const row of messages) {
    const isHidden = hidden.get(row.chatSessionId) ?? false;
    add('messages', storedId(row.messageId), (a) => may(a, 'read', 'Message', { ...row, hidden: isHidden }));
  }
  for (const row of runs) {
    const isHidden = row.chatSessionId ? (hidden.get(row.chatSessionId) ?? false) : false;
    add('runs', storedId(row.runId), (a) => may(a, 'read', 'Run', { ...row, hidden: isHidden }));
  }
  for (const row of notes)
    add('messageNotes', storedId(row.messageNoteId), (a) => may(a, 'read', 'MessageNote', row));
  for (const row of products)
    add('productResults', storedId(row.runId), (a) => may(a, 'read', 'ProductResult', row));
  return entries;
}

test.each([1, 2, 3, 4])(
  'what a browser is sent is what the policies allow, to the row (seed %i)',
  async (seed) => {
    const people = await writeRandomSchool(seed);
    const rows = await readRows();
    const { db, systemDb } = built.app;
    const compared = new Set(rows.map((row) => row.key));
    let allowedRows = 0;
    for (const userId of people) {
      const { scopes, actor } = await enterTenant(db, school.tenantId, async () => ({
        scopes: await scopesOfUser(db, school.tenantId, userId, newId('device')),
        actor: await loadActor(db, school.tenantId, userId),
      }));
      const sent = await runSql<{ tbl: number; row_id: string }>(
        systemDb,
        `select distinct tbl, row_id from sync_entry
         where tenant_id = $1 and scope = any($2::text[]) and not del and scope not like 'client:%'`,
        [storedId(school.tenantId), scopes],
      );
      const nameOf = new Map<number, string>(
        Object.entries(syncTables).map(([name, { number }]) => [number, name]),
      );
      const sentKeys = new Set(sent.map((row) => `${nameOf.get(row.tbl)} ${row.row_id}`));
      const ability = abilityFor(actor);
      const allowed = new Set(rows.filter((row) => row.mayRead(ability)).map((row) => row.key));
      allowedRows += allowed.size;
      expect(
        [...sentKeys].filter((key) => !allowed.has(key)),
        'sent, though not allowed',
      ).toEqual([]);
      expect(
        [...allowed].filter((key) => !sentKeys.has(key)),
        'allowed, but not sent',
      ).toEqual([]);
      expect([...sentKeys].every((key) => compared.has(key))).toBe(true);
    }
    expect(allowedRows).toBeGreaterThan(100);
  },
);
