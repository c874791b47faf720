import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { call } from '@orpc/server';
import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import { commandLineUserId } from '@raptscallions/zod-schemas/user.zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stored } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildSchool } from '../../test/build_app';
import { buildCommands } from '../../test/build_commands';
import { groupProgram } from './services/run_group_commands.service';

let built: Awaited<ReturnType<typeof buildCommands>>;
let school: (typeof built)['school'];
let run: (typeof built)['run'];
beforeAll(async () => {
  built = await buildCommands(groupProgram);
  ({ school, run } = built);
});
afterAll(() => built.close());

async function create(name: string, parent: GroupId): Promise<GroupId> {
  const made = (await run('create', { name, parent, kind: 'department' })) as { groupId: GroupId };
  return made.groupId;
}

test('groups are made, named, moved, archived and brought back, as the pages do it and in the audit log', async () => {
  const science = await create('Science', school.school);
  const physics = await create('Fysics', science);
  await run('change', { group: physics, name: 'Physics' });
  await run('move', { group: physics, parent: school.district });
  await run('archive', { group: science });
  expect(await run('list', {})).toEqual([
    {
      groupId: school.district,
      name: 'District',
      kind: 'district',
      archived: false,
      groups: [
        { groupId: physics, name: 'Physics', kind: 'department', archived: false, groups: [] },
        {
          groupId: school.school,
          name: 'School',
          kind: 'school',
          archived: false,
          groups: [{ groupId: science, name: 'Science', kind: 'department', archived: true, groups: [] }],
        },
      ],
    },
  ]);
  await run('restore', { group: science });
  const done = ['create', 'create', 'update', 'move', 'archive', 'archive'].map((word) => `groups.${word}`);
  const entries = await built.audited();
  expect(entries.map(({ action, actorUserId, details }) => [action, actorUserId, details.by])).toEqual(
    done.map((action) => [action, null, 'command_line']),
  );
  expect(entries[3]?.details).toMatchObject({ groupId: physics, parentGroupId: school.district });
  const told = built.published.slice(-6) as { payload: { actorUserId: string } }[];
  expect(told.map(({ payload }) => payload.actorUserId)).toEqual(done.map(() => commandLineUserId));

  const { list } = userAppRouter.audit;
  const seenBy = async (role: 'group_admin', groupId: GroupId) => {
    const person = await school.addPerson(role, groupId);
    return (await call(list, {}, { context: built.as(person, school.tenantId) })).items.length;
  };
  expect([await seenBy('group_admin', school.district), await seenBy('group_admin', school.school)]).toEqual([
    6, 0,
  ]);
});

test('the rules of the pages hold: names, places, what is not empty, other schools', async () => {
  const maths = await create('Maths', school.school);
  const algebra = await create('Algebra', maths);
  await expect(create('Maths', school.school)).rejects.toThrow(
    'There is a group called “Maths” here already.',
  );
  await expect(run('move', { group: maths, parent: algebra })).rejects.toThrow('cannot lie inside of itself');
  await expect(run('archive', { group: maths })).rejects.toThrow('Maths still holds 1 group.');
  await expect(run('archive', { group: school.district })).rejects.toThrow('cannot be archived');
  await run('archive', { group: algebra });
  await expect(run('change', { group: algebra, name: 'Sums' })).rejects.toThrow('Algebra is archived.');
  await expect(create('Below', algebra)).rejects.toThrow('Algebra is archived.');
  const other = await buildSchool(built.app.systemDb);
  await expect(run('change', { group: other.school, name: 'Ours' })).rejects.toThrow('does not exist');
  await expect(run('move', { group: maths, parent: other.school })).rejects.toThrow('does not exist');
  expect(
    await built.app.systemDb.groups
      .findBy(stored({ tenantId: other.tenantId, groupId: other.school }))
      .get('name'),
  ).toBe('School');
});

test('wrong flags are told of by their names, before anything is opened', () => {
  const wrong = (command: string, flags: Record<string, string>) =>
    groupProgram.commands[command]?.read(flags);
  const { tenantId } = school;
  expect(wrong('create', { tenantId, parent: 'Maths', kind: 'club', group: school.school })).toEqual({
    wrong: [
      '--group does not belong to this command.',
      '--parent: This is not an id of the right kind.',
      '--name is missing.',
      expect.stringMatching(/^--kind: .*department/),
    ],
  });
  expect(wrong('list', {})).toEqual({ wrong: ['--tenant-id is missing.'] });
});

test('kind, looks and how long chats are kept are changed one by one, and what is not named stays', async () => {
  const art = await create('Art', school.school);
  const folder = await mkdtemp(path.join(tmpdir(), 'rapt-logo-'));
  const png = Buffer.from('89504e470d0a1a0a', 'hex');
  await writeFile(path.join(folder, 'logo.PNG'), png);
  await writeFile(path.join(folder, 'large.png'), Buffer.alloc(60_000));
  const settings = () =>
    built.app.systemDb.groups
      .findBy(stored({ tenantId: school.tenantId, groupId: art }))
      .select('kind', 'settings');
  await run('change', { group: art, colour: 'plum', keepDays: '90', kind: 'custom' });
  await run('change', { group: art, logo: path.join(folder, 'logo.PNG') });
  const logo = `data:image/png;base64,${png.toString('base64')}`;
  expect(await settings()).toEqual({
    kind: 'custom',
    settings: { theme: { accent: 'plum', logo }, retentionDays: 90 },
  });
  await run('change', { group: art, colour: 'none', keepDays: 'none' });
  expect((await settings()).settings).toEqual({ theme: { logo } });
  await run('change', { group: art, logo: 'none' });
  expect((await settings()).settings).toEqual({});
  await expect(run('change', { group: art, logo: path.join(folder, 'large.png') })).rejects.toThrow('35 kB');
  await expect(run('change', { group: art, logo: 'logo.svg' })).rejects.toThrow('PNG, JPEG or WebP');
  await expect(run('change', { group: art, keepDays: '7' })).rejects.toThrow(/^--keep-days: /);
  await rm(folder, { recursive: true });
});

test('the members of a group are told with their roles', async () => {
  const [teacher, pupil] = [await school.addPerson('teacher'), await school.addPerson('student')];
  const members = (await run('members', { group: school.school })) as { userId: string }[];
  expect(members).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ userId: teacher, role: 'teacher', status: 'active' }),
      expect.objectContaining({ userId: pupil, role: 'student' }),
    ]),
  );
});
