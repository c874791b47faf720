import type { GroupId, GroupRole } from '@raptscallions/zod-schemas/group.zod';
import { groupPath } from '@raptscallions/zod-schemas/group_path';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { systemTenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { describeTool } from '../../modules/tools/services/describe_tool.service';
import type { Db } from '../db';
import { type DemoKey, demoPassword, demoSignIns, familyNames, givenNames } from './demo_people';
import { demoTalks, demoTools } from './demo_tools';
import { pick, seededRandom } from './seeded_random';
import { writeDemoChats, writeDemoUsage } from './write_demo_chats';

const day = 86_400_000;

type Person = { userId: UserId; name: string; email: string };

/**
 * Fills an empty installation with a district, two schools, six classes, about 180 people, three tools and a
 * week of chats, so that every page has something to show. Does nothing once there is any tenant.
 * @param db of the system role
 * @param hashPassword of the sign-in
 * @param now milliseconds since 1970: "a week" ends here
 * @returns whether it did
 */
export async function seedDemoSchool(
  db: Db,
  hashPassword: (password: string) => Promise<string>,
  now: number = Date.now(),
): Promise<boolean> {
  const password = await hashPassword(demoPassword);
  return db.$transaction(async () => {
    // Two processes may start on the same empty database.
    await db.$query`select pg_advisory_xact_lock(7263701)`;
    if (await db.tenants.includeDeleted().where({ demo: true }).exists()) return false;
    if (await db.tenants.where({ name: { not: 'System' } }).exists()) return false;
    await db.tenants.create({ tenantId: systemTenantId, name: 'System' }).onConflictDoNothing('tenantId');
    await new DemoSchool(db, password, now).write();
    return true;
  });
}

class DemoSchool {
  private readonly random = seededRandom(20_261_117);
  private readonly tenantId: TenantId = newId('tenant');
  private readonly signIns = new Map<DemoKey, Person>();
  private readonly people: (Person & {
    groupId: GroupId;
    role: GroupRole;
  })[] = [];
  private readonly taken = new Set<string>(demoSignIns.map(({ name }) => name));
  private readonly district = newId('group');
  private readonly alderRow = newId('group');
  private readonly sedgeLane = newId('group');

  constructor(
    private readonly db: Db,
    private readonly password: string,
    private readonly now: number,
  ) {}

  async write(): Promise<void> {
    const { db, tenantId } = this;
    await db.tenants.create({ tenantId, name: 'Fenmoor Schools', schoolCode: 'fenmoor', demo: true });
    await this.writeGroups();
    const classes = this.planClasses();
    await this.writePeople();
    await db.classes.createMany(
      classes.map(({ classId, groupId, name, subject }) => ({ tenantId, classId, groupId, name, subject })),
    );
    await db.classMembers.createMany(
      classes.flatMap(({ classId, pupils, teachers }) => [
        ...teachers.map((person) => ({
          tenantId,
          classMemberId: newId('classmember'),
          classId,
          userId: person.userId,
          role: 'teacher' as const,
        })),
        ...pupils.map((person) => ({
          tenantId,
          classMemberId: newId('classmember'),
          classId,
          userId: person.userId,
          role: 'student' as const,
        })),
      ]),
    );
    const versions = await this.writeTools();
    await this.writeWork(classes, versions);
    await writeDemoUsage(db, tenantId);
  }

  private async writeGroups(): Promise<void> {
    const top = groupPath(null, this.district);
    const common = { tenantId: this.tenantId };
    await this.db.groups.create({
      ...common,
      groupId: this.district,
      name: 'Fenmoor Schools',
      kind: 'district',
      path: top,
    });
    for (const [groupId, name] of [
      [this.alderRow, 'Alder Row School'],
      [this.sedgeLane, 'Sedge Lane School'],
    ] as const) {
      await this.db.groups.create({
        ...common,
        groupId,
        parentGroupId: this.district,
        name,
        kind: 'school',
        path: groupPath(top, groupId),
      });
    }
  }

  private invent(groupId: GroupId, role: 'student' | 'teacher', domain: string): Person {
    let name = '';
    do name = `${pick(this.random, givenNames)} ${pick(this.random, familyNames)}`;
    while (this.taken.has(name));
    this.taken.add(name);
    const local = name
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z]+/g, '.');
    return this.add({ userId: newId('user'), name, email: `${local}@${domain}` }, groupId, role);
  }

  private add(person: Person, groupId: GroupId, role: GroupRole): Person {
    this.people.push({ ...person, groupId, role });
    return person;
  }

  private signIn(key: DemoKey, groupId: GroupId, role: GroupRole): Person {
    const known = demoSignIns.find((each) => each.key === key);
    if (!known) throw new Error(key);
    const person = this.add({ userId: newId('user'), name: known.name, email: known.email }, groupId, role);
    this.signIns.set(key, person);
    return person;
  }

  private planClasses() {
    const okafor = this.signIn('okafor', this.alderRow, 'teacher');
    const pruitt = this.signIn('pruitt', this.alderRow, 'teacher');
    const nwosu = this.signIn('nwosu', this.alderRow, 'student');
    const lindqvist = this.signIn('lindqvist', this.alderRow, 'student');
    this.signIn('hollis', this.district, 'group_admin');
    this.signIn('tembe', this.district, 'system_admin');
    const alder = (count: number) =>
      Array.from({ length: count }, () => this.invent(this.alderRow, 'student', 'alderrow.example'));
    const sedge = (count: number) =>
      Array.from({ length: count }, () => this.invent(this.sedgeLane, 'student', 'sedgelane.example'));
    const teacher = () => this.invent(this.sedgeLane, 'teacher', 'sedgelane.example');
    const [varga, iyer, stone] = [
      this.invent(this.alderRow, 'teacher', 'alderrow.example'),
      teacher(),
      teacher(),
    ];
    const nineA = [nwosu, ...alder(28)];
    const plan = (
      groupId: typeof this.alderRow,
      name: string,
      subject: string,
      teachers: Person[],
      pupils: Person[],
      tools: string[],
    ) => ({
      classId: newId('class'),
      groupId,
      name,
      subject,
      teachers,
      pupils,
      tools,
    });
    return [
      plan(
        this.alderRow,
        '8B Science',
        'Science',
        [okafor],
        [lindqvist, ...alder(26)],
        ['photosynthesis-coach', 'essay-coach'],
      ),
      plan(this.alderRow, '9A Science', 'Science', [okafor], nineA, ['essay-coach']),
      plan(
        this.alderRow,
        '9A Maths',
        'Mathematics',
        [pruitt],
        [nwosu, ...alder(28)],
        ['quadratics-sparring-partner'],
      ),
      plan(this.alderRow, '8D Science', 'Science', [okafor, varga], alder(25), ['photosynthesis-coach']),
      plan(this.sedgeLane, '7C Science', 'Science', [iyer], sedge(30), []),
      plan(this.sedgeLane, '10 Physics', 'Physics', [stone], sedge(30), []),
    ];
  }

  private async writePeople(): Promise<void> {
    const { db, tenantId, people } = this;
    await db.users.createMany(
      people.map(({ userId, name }) => ({ tenantId, userId, name, status: 'active' as const })),
    );
    await db.userContacts.createMany(people.map(({ userId, email }) => ({ tenantId, userId, email })));
    await db.groupMembers.createMany(
      people.map(({ userId, groupId, role }) => ({
        tenantId,
        groupMemberId: newId('groupmember'),
        groupId,
        userId,
        role,
      })),
    );
    await db.authUsers.createMany(
      people.map(({ userId, name, email }) => ({ id: userId, tenantId, name, email, emailVerified: true })),
    );
    await db.authAccounts.createMany(
      people.map(({ userId }) => ({
        id: newId('account'),
        userId,
        accountId: userId,
        providerId: 'credential',
        password: this.password,
      })),
    );
  }

  private async writeTools() {
    const { db, tenantId } = this;
    const versions = new Map<
      string,
      {
        toolId: RichId<'tool'>;
        toolVersionId: RichId<'toolversion'>;
        name: string;
      }
    >();
    for (const { slug, owner, yaml } of demoTools) {
      const ownerUserId = this.signIns.get(owner)?.userId ?? null;
      const described = describeTool(yaml, undefined);
      const [toolId, toolVersionId] = [newId('tool'), newId('toolversion')];
      const place = { tenantId, toolId, groupId: this.alderRow, ownerUserId };
      const { name, kind } = described;
      await db.tools.create({
        ...place,
        name,
        slug: described.slug,
        kind,
        publishedToolVersionId: toolVersionId,
      });
      await db.toolVersions.create({
        ...place,
        toolVersionId,
        ...described,
        status: 'published',
        publishedAt: this.now - 12 * day,
      });
      await db.toolSources.create({ ...place, toolVersionId, yaml });
      versions.set(slug, { toolId, toolVersionId, name });
    }
    return versions;
  }

  private async writeWork(
    classes: ReturnType<DemoSchool['planClasses']>,
    versions: Awaited<ReturnType<DemoSchool['writeTools']>>,
  ): Promise<void> {
    const { db, tenantId } = this;
    const titles: Record<string, { title: string; instructions: string; due: number }> = {
      'photosynthesis-coach': {
        title: 'Photosynthesis recap',
        instructions: 'Talk it through until you could explain it to your little brother. Then stop.',
        due: 3,
      },
      'quadratics-sparring-partner': {
        title: 'Completing the square',
        instructions: 'Bring two equations of your own. Take every step yourself.',
        due: 2,
      },
      'essay-coach': {
        title: 'Lab report: what the numbers show',
        instructions: 'Have your notes of the experiment beside you.',
        due: 5,
      },
    };
    for (const each of classes) {
      for (const slug of each.tools) {
        const version = versions.get(slug);
        const about = titles[slug];
        const assignedByUserId = each.teachers[0]?.userId ?? null;
        if (!version || !about) continue;
        const assignmentId = newId('assignment');
        const { toolId, toolVersionId } = version;
        await db.assignments.create({
          tenantId,
          assignmentId,
          classId: each.classId,
          toolId,
          toolVersionId,
          assignedByUserId,
          title: about.title,
          instructions: about.instructions,
          dueAt: new Date(this.now + about.due * day).setHours(16, 0, 0, 0),
          createdAt: this.now - 7 * day,
        });
        await writeDemoChats(db, {
          ...each,
          tenantId,
          ids: { assignmentId, toolId, toolVersionId },
          talks: demoTalks[slug] ?? [],
          now: this.now,
          random: this.random,
        });
      }
    }
  }
}
