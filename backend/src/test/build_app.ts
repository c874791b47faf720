import type { GroupRole } from '@raptscallions/zod-schemas/group.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { ConfigZod } from '../configs/config';
import { connectDb, type Db } from '../db/db';
import { stored } from '../db/stored_id';
import { createLogger } from '../lib/logger';
import { createSecretBox } from '../lib/secret_box';
import { createLinkTokens } from '../modules/auth/link_tokens';
import { ModuleSupervisor } from '../modules/hooks/module_supervisor';
import { RunLooks } from '../modules/runs/run_looks';
import { lookAtRuns } from '../modules/runs/services/look_at_runs.service';
import { makeSealKey } from '../modules/sync/make_seal_key';
import { Puller } from '../modules/sync/services/pull.service';
import { describeTool } from '../modules/tools/services/describe_tool.service';
import { loadActor } from '../modules/users/services/load_actor.service';
import type { App, RequestContext, SignedIn } from '../procedures/context';
import { createTestDatabase } from './database';

/** never started, so there are none */
const noModules = new ModuleSupervisor({ folder: '', threads: 2, logger: createLogger('silent') });

/** The app on a database of its own. Who calls is said by a header; the queue only remembers what it was given. */
export async function buildApp() {
  const database = await createTestDatabase();
  const db = connectDb(database.url, 'app', 8);
  const dbRO = connectDb(database.url, 'read', 2);
  const catchUpDb = connectDb(database.url, 'catchUp', 4);
  const systemDb = connectDb(database.url, 'system', 4);
  const queued: { name: string; input: object }[] = [];
  const published: { name: string; payload: object }[] = [];
  const people = new Map<string, Omit<SignedIn, 'actor'>>();
  const app: App = {
    config: ConfigZod.parse({ NODE_ENV: 'test', DATABASE_URL: database.url }),
    db,
    dbRO,
    puller: new Puller(db, catchUpDb),
    systemDb,
    patientDb: systemDb,
    logger: createLogger('silent'),
    aiProvider: 'practice',
    sealKey: (userId) => makeSealKey('a secret of the tests', userId),
    signInPage: async () => ({ schoolName: null, schoolCode: null, providers: [], demo: null }),
    resolveSession: async (headers) => {
      const person = people.get(String(headers['x-test-user']));
      return person ? { ...person, actor: await loadActor(systemDb, person.tenantId, person.userId) } : null;
    },
    secretBox: createSecretBox('t'.repeat(40)),
    enqueue: async ({ name }, input) => {
      queued.push({ name, input });
    },
    forgetInQueue: async () => {},
    publish: async ({ name, payload: schema }, payload) => {
      published.push({ name, payload: schema.parse(payload) });
    },
    origin: 'http://localhost',
    linkTokens: createLinkTokens('t'.repeat(40)),
    mailLimit: { take: async () => {} },
    signInLimits: { begin: async () => ({ headers: {}, end: async () => {} }) },
    modules: noModules,
    chunks: { watch: () => {}, forget: () => {} },
    runLooks: new RunLooks((watches) => lookAtRuns(systemDb, watches)),
    watchRuns: async () => {},
  };
  const as = (userId: UserId, tenantId: TenantId): RequestContext => {
    people.set(userId, {
      userId,
      tenantId,
      authSessionId: newId('authsession'),
      name: userId,
      signedInAt: Date.now(),
      deviceContext: 'personal',
    });
    return { app, headers: { 'x-test-user': userId } };
  };
  return {
    app,
    url: database.url,
    queued,
    published,
    as,
    close: async () => {
      await db.$close();
      await dbRO.$close();
      await catchUpDb.$close();
      await systemDb.$close();
      await database.drop();
    },
  };
}

const productYaml = `name: Quiz Maker
type: product
behavior: Make one question.
input_schema:
  type: object
  required: [topic]
  additionalProperties: false
  properties:
    topic: { type: string, minLength: 1, maxLength: 100 }
    level: { enum: [easy, hard] }
output_schema:
  type: object
  required: [text, points]
  properties:
    text: { type: string, title: Question, description: Never tell the answer. }
    points: { type: integer, minimum: 1, maximum: 5 }
`;

/** A tenant with a district, a school and people in it; made by the system role. */
export async function buildSchool(db: Db) {
  const tenantId = newId('tenant');
  const [district, school] = [newId('group'), newId('group')];
  await db.tenants.create({ tenantId, name: 'Test' });
  await db.groups.create({ tenantId, groupId: district, name: 'District', kind: 'district', path: 'a' });
  await db.groups.create({
    tenantId,
    groupId: school,
    parentGroupId: district,
    name: 'School',
    kind: 'school',
    path: 'a.b',
  });

  async function addPerson(
    role: GroupRole,
    groupId = role === 'group_admin' || role === 'system_admin' ? district : school,
  ) {
    const userId = newId('user');
    await db.users.create({ tenantId, userId, name: `${role} ${userId.slice(-4)}`, status: 'active' });
    await db.userContacts.create({ tenantId, userId, email: `${userId.toLowerCase()}@school.example` });
    await db.groupMembers.create({ tenantId, groupMemberId: newId('groupmember'), groupId, userId, role });
    return userId;
  }

  async function addClass(teacherId: UserId, pupilIds: UserId[], name = `Class ${newId('class').slice(-5)}`) {
    const classId = newId('class');
    await db.classes.create({ tenantId, classId, groupId: school, name });
    const join = (userId: UserId, role: 'teacher' | 'student') =>
      db.classMembers.create({ tenantId, classMemberId: newId('classmember'), classId, userId, role });
    await join(teacherId, 'teacher');
    for (const pupilId of pupilIds) await join(pupilId, 'student');
    return classId;
  }

  async function addTool(ownerUserId: UserId, maxMessages: number | null = null) {
    const [toolId, toolVersionId] = [newId('tool'), newId('toolversion')];
    const name = `Tool ${toolId.slice(-6)}`;
    const slug = toolId.slice(-10).toLowerCase();
    const place = { tenantId, toolId, groupId: school, ownerUserId };
    await db.tools.create({ ...place, name, slug, kind: 'chat', publishedToolVersionId: toolVersionId });
    await db.toolVersions.create({
      ...place,
      toolVersionId,
      name,
      slug,
      version: '1.0.0',
      kind: 'chat',
      status: 'published',
      maxMessages,
    });
    await db.toolSources.create({
      ...place,
      toolVersionId,
      yaml: 'name: T\ntype: chat\nbehavior: Ask first.\n',
    });
    return { toolId, toolVersionId };
  }

  /** A published form: a topic goes in, and {@link productYaml} says what comes out. */
  async function addProduct(ownerUserId: UserId, yaml: string = productYaml) {
    const tool = await addTool(ownerUserId);
    const described = describeTool(yaml, undefined);
    const key = stored({ tenantId, toolVersionId: tool.toolVersionId });
    await db.toolVersions.where(key).update({ ...described, slug: tool.toolId.slice(-10).toLowerCase() });
    await db.tools.where(stored({ tenantId, toolId: tool.toolId })).update({ kind: 'product' });
    await db.toolSources.where(key).update({ yaml });
    return tool;
  }

  return { tenantId, district, school, addPerson, addClass, addTool, addProduct };
}
