import { call } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stored } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildApp, buildSchool } from '../../test/build_app';
import { loadActor } from '../users/services/load_actor.service';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
let admin: UserId;
beforeAll(async () => {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
  admin = await school.addPerson('group_admin');
});
afterAll(() => built?.close());

const groups = userAppRouter.groups;
const as = (userId: UserId) => ({ context: built.as(userId, school.tenantId) });
const pathOf = async (groupId: `group-${string}`) =>
  String(await built.app.systemDb.groups.findBy(stored({ tenantId: school.tenantId, groupId })).get('path'));

async function addGroup(parentGroupId: `group-${string}`, name: string, by = admin) {
  const groupId = newId('group');
  await call(groups.create, { groupId, parentGroupId, name, kind: 'department' }, as(by));
  return groupId;
}

test('a moved group takes along everything below it, with its administrators’ rights', async () => {
  const science = await addGroup(school.school, 'Science');
  const physics = await addGroup(science, 'Physics');
  const other = await addGroup(school.district, 'Other school');
  const head = await school.addPerson('group_admin', other);
  const { systemDb } = built.app;
  expect((await loadActor(systemDb, school.tenantId, head)).adminGroupIds).not.toContain(physics);
  await call(groups.move, { groupId: science, parentGroupId: other }, as(admin));
  expect(await pathOf(science)).toBe(`${await pathOf(other)}.${(await pathOf(science)).split('.').at(-1)}`);
  expect(await pathOf(physics)).toBe(`${await pathOf(science)}.${(await pathOf(physics)).split('.').at(-1)}`);
  expect((await loadActor(systemDb, school.tenantId, head)).adminGroupIds).toEqual(
    expect.arrayContaining([other, science, physics]),
  );
});

test('a group cannot lie inside of itself, nor beside one of its name, nor be taken out of other hands', async () => {
  const top = await addGroup(school.school, 'Languages');
  const below = await addGroup(top, 'French');
  await expect(call(groups.move, { groupId: top, parentGroupId: below }, as(admin))).rejects.toThrow(
    'Languages cannot lie inside of itself.',
  );
  await expect(addGroup(top, 'French')).rejects.toMatchObject({ code: 'CONFLICT' });
  const headOfLanguages = await school.addPerson('group_admin', top);
  await call(groups.update, { groupId: below, name: 'Français' }, as(headOfLanguages));
  await expect(
    call(groups.move, { groupId: top, parentGroupId: school.district }, as(headOfLanguages)),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(call(groups.archive, { groupId: school.district, archived: true }, as(admin))).rejects.toThrow(
    'The topmost group cannot be archived.',
  );
});

test('of two moves at once that would make a ring, one is refused', async () => {
  const [a, b] = [await addGroup(school.school, 'Ring A'), await addGroup(school.school, 'Ring B')];
  const moves = await Promise.allSettled([
    call(groups.move, { groupId: a, parentGroupId: b }, as(admin)),
    call(groups.move, { groupId: b, parentGroupId: a }, as(admin)),
  ]);
  expect(moves.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('only an empty group is archived, and it comes back with its name if that is free', async () => {
  const art = await addGroup(school.school, 'Art');
  const painting = await addGroup(art, 'Painting');
  await expect(call(groups.archive, { groupId: art, archived: true }, as(admin))).rejects.toThrow(
    'Art still holds 1 group. Move or archive them first.',
  );
  await call(groups.archive, { groupId: painting, archived: true }, as(admin));
  await call(groups.archive, { groupId: art, archived: true }, as(admin));
  const again = await addGroup(school.school, 'Art');
  await expect(call(groups.archive, { groupId: art, archived: false }, as(admin))).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  await call(groups.update, { groupId: again, name: 'Arts' }, as(admin));
  await call(groups.archive, { groupId: art, archived: false }, as(admin));
  expect(await built.app.systemDb.groups.where(stored({ groupId: art })).exists()).toBe(true);
});

test('roles are given down one’s own subtree, and never above one’s own', async () => {
  const { tenantId, district } = school;
  const teacher = await school.addPerson('teacher');
  const member = () => ({ groupMemberId: newId('groupmember'), groupId: school.school, userId: teacher });
  await call(groups.setMember, { ...member(), role: 'group_admin' }, as(admin));
  const { systemDb } = built.app;
  const rows = systemDb.groupMembers.where(stored({ tenantId, userId: teacher }));
  expect(await rows.pluck('role')).toEqual(['group_admin']);
  await expect(
    call(groups.setMember, { ...member(), role: 'system_admin' }, as(admin)),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  const only = await rows.take();
  await expect(call(groups.removeMember, { groupMemberId: only.groupMemberId }, as(admin))).rejects.toThrow(
    'This is the only group of this person.',
  );
  // The district's only administrator cannot give the district up.
  const [own] = await systemDb.groupMembers.where(stored({ tenantId, userId: admin, groupId: district }));
  await expect(
    call(
      groups.setMember,
      { ...own, userId: admin, groupId: district, groupMemberId: newId('groupmember'), role: 'teacher' },
      as(admin),
    ),
  ).rejects.toThrow('Nobody would be left');
});

test('a logo is a small picture, and nothing that could call another host', async () => {
  const logo = 'data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=';
  await expect(
    call(groups.update, { groupId: school.school, theme: { logo } }, as(admin)),
  ).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  const picture = 'data:image/png;base64,iVBORw0KGgo=';
  await call(groups.update, { groupId: school.school, theme: { accent: 'plum', logo: picture } }, as(admin));
  await call(groups.update, { groupId: school.school, retentionDays: 365 }, as(admin));
  const found = await built.app.systemDb.groups.findBy(
    stored({ tenantId: school.tenantId, groupId: school.school }),
  );
  expect(found.settings).toEqual({ theme: { accent: 'plum', logo: picture }, retentionDays: 365 });
});
