import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import { systemTenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { ConfigZod } from '../../../backend/src/configs/config';
import { connectDb, type Db } from '../../../backend/src/db/db';
import { isDatabaseAway } from '../../../backend/src/lib/app_error';
import { createLogger } from '../../../backend/src/lib/logger';
import { createAuth } from '../../../backend/src/modules/auth/auth';
import { hashPassword } from '../../../backend/src/modules/auth/password';
import { purgeTombstones } from '../../../backend/src/modules/sync/services/purge_tombstones.service';

export type Person = RichId<'user'>;
/** Somebody on one device: each has a sign-in of its own. */
export type SignedIn = { userId: Person; cookie: string };
type PublishedTool = { toolId: RichId<'tool'>; toolVersionId: RichId<'toolversion'> };
export type School = {
  tenantId: RichId<'tenant'>;
  groups: [RichId<'group'>, RichId<'group'>];
  admin: Person;
  teacher: Person;
  pupil: Person;
  /** a second pupil, who shares a device with the first */
  neighbour: Person;
  /** people without a device, who come and go in classes */
  others: Person[];
  classes: RichId<'class'>[];
  /** published: the teacher's, and everybody's, of the reserved tenant */
  tools: [PublishedTool, PublishedTool];
  assignments: RichId<'assignment'>[];
};

/** What a tool's author types; `version` of a twin is taken, so that publishing it is refused. */
export function toolYaml(name: string, description: string): string {
  return `name: ${name}\ntype: chat\nversion: 1.0.0\nbehavior: Help.\nmeta:\n  description: ${description}\n`;
}

const password = 'a long password';

/** Makes schools for histories and signs their people in. */
export class SchoolBuilder {
  readonly #db: Db;
  readonly #hash = hashPassword(password);
  #made = 0;

  constructor(
    readonly url: string,
    readonly secret: string,
  ) {
    this.#db = connectDb(url, 'system', 2);
  }

  close(): Promise<void> {
    return this.#db.$close();
  }

  purge(): Promise<number> {
    return purgeTombstones(this.#db, { keptMs: 0, markEveryMs: 0 });
  }

  /**
   * Two groups under a district, two classes each; an administrator, a teacher and two pupils; a tool of the
   * teacher's, given to the first class, and one of everybody's.
   */
  async build(): Promise<School> {
    const db = this.#db;
    const tenantId = newId('tenant');
    const [district, ...groups]: [RichId<'group'>, RichId<'group'>, RichId<'group'>] = [
      newId('group'),
      newId('group'),
      newId('group'),
    ];
    const root = `p${++this.#made}`;
    await db.tenants.create({ tenantId, name: 'Proof' });
    await db.groups.create({ tenantId, groupId: district, name: 'District', kind: 'district', path: root });
    for (const [at, groupId] of groups.entries()) {
      await db.groups.create({
        tenantId,
        groupId,
        parentGroupId: district,
        name: `School ${at}`,
        kind: 'school',
        path: `${root}.s${at}`,
      });
    }
    const people: Person[] = [];
    for (let at = 0; at < 7; at++) {
      const userId = newId('user');
      people.push(userId);
      await db.users.create({ tenantId, userId, name: `Person ${at}`, status: 'active' });
      await db.userContacts.create({ tenantId, userId, email: `${userId}@proof.example` });
      await db.groupMembers.create({
        tenantId,
        groupMemberId: newId('groupmember'),
        groupId: at === 0 ? district : groups[0],
        userId,
        role: at === 0 ? 'group_admin' : at === 1 ? 'teacher' : 'student',
      });
    }
    const classes = groups.flatMap((groupId, place) =>
      [0, 1].map((at) => ({ tenantId, classId: newId('class'), groupId, name: `Class ${place} ${at}` })),
    );
    await db.classes.createMany(classes);
    const [admin, teacher, pupil, neighbour, ...others] = people;
    const [first] = classes;
    if (!admin || !teacher || !pupil || !neighbour || !first) throw new Error('a school needs people');
    for (const [userId, role] of [
      [teacher, 'teacher'],
      [pupil, 'student'],
      [neighbour, 'student'],
    ] as const) {
      const classMemberId = newId('classmember');
      await db.classMembers.create({ tenantId, classMemberId, classId: first.classId, userId, role });
    }
    for (const userId of [admin, teacher, pupil, neighbour]) await this.#registerSignIn(tenantId, userId);
    const tool = await this.#publishTool(tenantId, groups[0], teacher);
    const assignmentId = newId('assignment');
    await db.assignments.create({
      tenantId,
      assignmentId,
      classId: first.classId,
      ...tool,
      title: 'Try it',
      assignedByUserId: teacher,
    });
    await db.tenants.create({ tenantId: systemTenantId, name: 'System' }).onConflictDoNothing('tenantId');
    const everybodys = await this.#publishTool(systemTenantId, null, null);
    return {
      tenantId,
      groups,
      admin,
      teacher,
      pupil,
      neighbour,
      others,
      classes: classes.map(({ classId }) => classId),
      tools: [tool, everybodys],
      assignments: [assignmentId],
    };
  }

  async #publishTool(
    tenantId: RichId<'tenant'>,
    groupId: RichId<'group'> | null,
    ownerUserId: Person | null,
  ): Promise<PublishedTool> {
    const db = this.#db;
    const ids = { toolId: newId('tool'), toolVersionId: newId('toolversion') };
    const owned = { tenantId, groupId, ownerUserId };
    const head = { name: `Coach ${this.#made}`, slug: `coach-${this.#made}`, kind: 'chat' } as const;
    await db.tools.create({
      ...owned,
      ...head,
      toolId: ids.toolId,
      publishedToolVersionId: ids.toolVersionId,
    });
    await db.toolVersions.create({
      ...owned,
      ...ids,
      ...head,
      version: '1.0.0',
      status: 'published',
      publishedAt: Date.now(),
    });
    await db.toolSources.create({ ...owned, ...ids, yaml: toolYaml(head.name, 'as it was') });
    return ids;
  }

  async #registerSignIn(tenantId: RichId<'tenant'>, userId: Person): Promise<void> {
    const db = this.#db;
    const email = emailOf(userId);
    await db.authUsers.create({ id: userId, tenantId, name: 'Person', email, emailVerified: true });
    await db.authAccounts.create({
      id: newId('account'),
      userId,
      accountId: userId,
      providerId: 'credential',
      password: await this.#hash,
    });
  }

  /** A failover ends our connections with everybody else's: then once more. */
  async signIn(userId: Person): Promise<SignedIn> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#signIn(userId);
      } catch (error) {
        if (tries === 5 || !isDatabaseAway(error)) throw error;
      }
    }
  }

  async #signIn(userId: Person): Promise<SignedIn> {
    const config = ConfigZod.parse({
      DATABASE_URL: this.url,
      BETTER_AUTH_SECRET: this.secret,
      RATE_LIMIT_AUTH_MAX: 1_000_000,
    });
    const auth = createAuth({
      db: this.#db,
      config,
      secret: this.secret,
      logger: createLogger('silent'),
    });
    const origin = `http://localhost:${config.PORT}`;
    const response = await auth.handler(
      new Request(`${origin}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', host: new URL(origin).host, origin },
        body: JSON.stringify({ email: emailOf(userId), password, deviceContext: 'personal' }),
      }),
    );
    if (!response.ok) throw new Error(`could not sign in: ${await response.text()}`);
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ');
    return { userId, cookie };
  }
}

function emailOf(userId: Person): string {
  return `${userId.toLowerCase()}@proof.example`;
}
