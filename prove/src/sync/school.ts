import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import { ConfigZod } from '../../../backend/src/configs/config';
import { connectDb, type Db } from '../../../backend/src/db/db';
import { createLogger } from '../../../backend/src/lib/logger';
import { createAuth } from '../../../backend/src/modules/auth/auth';
import { hashPassword } from '../../../backend/src/modules/auth/password';

export type Person = { userId: RichId<'user'>; cookie: string };
export type School = {
  tenantId: RichId<'tenant'>;
  groups: [RichId<'group'>, RichId<'group'>];
  admin: Person;
  teacher: Person;
  pupil: Person;
  /** people without a device, who come and go in classes */
  others: RichId<'user'>[];
  classes: RichId<'class'>[];
};

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

  /** Two groups under a district, two classes each; an administrator, a teacher and a pupil with devices. */
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
    const people: RichId<'user'>[] = [];
    for (let at = 0; at < 6; at++) {
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
    const [admin, teacher, pupil, ...others] = people;
    const [first] = classes;
    if (!admin || !teacher || !pupil || !first) throw new Error('a school needs people');
    for (const [userId, role] of [
      [teacher, 'teacher'],
      [pupil, 'student'],
    ] as const) {
      const classMemberId = newId('classmember');
      await db.classMembers.create({ tenantId, classMemberId, classId: first.classId, userId, role });
    }
    return {
      tenantId,
      groups,
      admin: await this.#signIn(tenantId, admin),
      teacher: await this.#signIn(tenantId, teacher),
      pupil: await this.#signIn(tenantId, pupil),
      others,
      classes: classes.map(({ classId }) => classId),
    };
  }

  async #signIn(tenantId: RichId<'tenant'>, userId: RichId<'user'>): Promise<Person> {
    const db = this.#db;
    const email = `${userId.toLowerCase()}@proof.example`;
    await db.authUsers.create({ id: userId, tenantId, name: 'Person', email, emailVerified: true });
    await db.authAccounts.create({
      id: newId('account'),
      userId,
      accountId: userId,
      providerId: 'credential',
      password: await this.#hash,
    });
    const config = ConfigZod.parse({
      DATABASE_URL: this.url,
      BETTER_AUTH_SECRET: this.secret,
      RATE_LIMIT_AUTH_MAX: 1_000_000,
    });
    const auth = createAuth({ db, config, secret: this.secret, logger: createLogger('silent') });
    const origin = `http://localhost:${config.PORT}`;
    const response = await auth.handler(
      new Request(`${origin}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', host: new URL(origin).host, origin },
        body: JSON.stringify({ email, password, deviceContext: 'personal' }),
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
