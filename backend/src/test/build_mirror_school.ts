import { createHmac, randomUUID } from 'node:crypto';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { runSql } from '../db/run_sql';
import { stored, storedId } from '../db/stored_id';
import { sessionCookieName } from '../modules/auth/session_cookie';
import type { App, RequestContext } from '../procedures/context';
import { buildSchool } from './build_app';

/** Who calls. A kind of caller that comes later, such as an API key, is one more name here. */
export const callers = [
  'anonymous',
  'suspended',
  'pupil',
  'otherPupil',
  'teacher',
  'otherTeacher',
  'coTeacher',
  'siblingAdmin',
  'ancestorAdmin',
  'systemAdmin',
] as const;
export type Caller = (typeof callers)[number];

/** What is called upon: the things of one school, or ids of nothing at all. */
export type Things = {
  groupId: RichId<'group'>;
  /** above it and above all */
  topGroupId: RichId<'group'>;
  /** below the district, with nothing in it */
  emptyGroupId: RichId<'group'>;
  /** the newcomer's place in the district, beside the one in the school */
  groupMemberId: RichId<'groupmember'>;
  classId: RichId<'class'>;
  /** the pupil's place in the class */
  classMemberId: RichId<'classmember'>;
  pupilId: UserId;
  /** in which the pupil calls */
  pupilSessionId: RichId<'authsession'>;
  /** of the school, and not in the class */
  newcomerId: UserId;
  /** the teacher's own */
  toolId: RichId<'tool'>;
  toolVersionId: RichId<'toolversion'>;
  draftVersionId: RichId<'toolversion'>;
  assignmentId: RichId<'assignment'>;
  /** the pupil's: with an answer that was cut, with one that failed, with one that is waited for */
  chatSessionId: RichId<'chat'>;
  failedChatId: RichId<'chat'>;
  waitingChatId: RichId<'chat'>;
  questionId: RichId<'message'>;
  answerId: RichId<'message'>;
  runId: RichId<'run'>;
  failedRunId: RichId<'run'>;
  waitingRunId: RichId<'run'>;
  /** a product tool given to the class, a result of the pupil's and one that failed */
  formVersionId: RichId<'toolversion'>;
  formAssignmentId: RichId<'assignment'>;
  formRunId: RichId<'run'>;
  failedFormRunId: RichId<'run'>;
  syncClientId: RichId<'device'>;
  /** the teacher's */
  notificationId: RichId<'notification'>;
  /** of the teacher's look at the pupil's chat */
  auditEntryId: RichId<'auditentry'>;
  hookVerdictId: RichId<'verdict'>;
  noteId: RichId<'note'>;
  /** of the pupil's form */
  formNoteId: RichId<'note'>;
  /** an invitation of the newcomer's */
  signInLinkId: RichId<'signinlink'>;
  /** under the district; `rosterRunId` waits for a decision, the file of `uploadRunId` is complete */
  rosterSourceId: RichId<'rostersource'>;
  rosterRunId: RichId<'rosterrun'>;
  uploadRunId: RichId<'rosterrun'>;
};

export type School = {
  tenantId: TenantId;
  /** stands in every text of this school */
  marker: string;
  things: Things;
  people: Record<Exclude<Caller, 'anonymous'>, UserId>;
  contexts: Record<Caller, RequestContext>;
};

/** What the sessions are signed with. */
export const mirrorSecret = 's'.repeat(40);

/** A school with everything in it that a procedure may be called upon, and everybody signed in by a real session. */
export async function buildMirrorSchool(app: App, marker: string): Promise<School> {
  const { systemDb } = app;
  const school = await buildSchool(systemDb);
  const { tenantId } = school;
  const sibling = newId('group');
  const place = { tenantId, groupId: sibling, parentGroupId: school.district };
  await systemDb.groups.create({ ...place, name: 'Sibling', kind: 'school', path: 'a.c' });
  const systemAdmin = await school.addPerson('group_admin');
  await systemDb.groupMembers
    .where(stored({ tenantId, userId: systemAdmin }))
    .update({ role: 'system_admin' });
  const people = {
    suspended: await school.addPerson('teacher'),
    pupil: await school.addPerson('student'),
    otherPupil: await school.addPerson('student'),
    teacher: await school.addPerson('teacher'),
    otherTeacher: await school.addPerson('teacher'),
    coTeacher: await school.addPerson('teacher'),
    siblingAdmin: await school.addPerson('group_admin', sibling),
    ancestorAdmin: await school.addPerson('group_admin'),
    systemAdmin,
  };
  const newcomerId = await school.addPerson('student');
  const [emptyGroupId, groupMemberId] = [newId('group'), newId('groupmember')];
  const empty = { ...place, groupId: emptyGroupId };
  await systemDb.groups.create({ ...empty, name: 'Empty', kind: 'department', path: 'a.d' });
  const ofDistrict = { tenantId, groupMemberId, groupId: school.district, userId: newcomerId };
  await systemDb.groupMembers.create({ ...ofDistrict, role: 'student' });
  const classId = await school.addClass(people.teacher, [people.pupil]);
  await school.addClass(people.otherTeacher, [people.otherPupil]);
  for (const userId of [people.coTeacher, people.suspended]) {
    const classMemberId = newId('classmember');
    await systemDb.classMembers.create({ tenantId, classMemberId, classId, userId, role: 'teacher' });
  }
  const { classMemberId } = await systemDb.classMembers.findBy(
    stored({ tenantId, classId, userId: people.pupil }),
  );
  const { toolId, toolVersionId } = await school.addTool(people.teacher);
  const draftVersionId = newId('toolversion');
  const ownTool = { tenantId, toolId, groupId: school.school, ownerUserId: people.teacher };
  const draft = { ...ownTool, toolVersionId: draftVersionId };
  const yaml = `name: ${marker}\nversion: 1.1.0\ntype: chat\nbehavior: Ask first.\n`;
  await systemDb.toolVersions.create({
    ...draft,
    name: 'Draft',
    slug: 'd',
    version: '1.1.0',
    kind: 'chat',
  });
  await systemDb.toolSources.create({ ...draft, yaml });
  const assignmentId = newId('assignment');
  await systemDb.assignments.create({ tenantId, assignmentId, classId, toolId, toolVersionId, title: 'T' });

  const own = { tenantId, userId: people.pupil, classId };
  async function addChat(status: 'completed' | 'failed' | 'pending') {
    const [chatSessionId, runId] = [newId('chat'), newId('run')];
    const [questionId, answerId] = [newId('message'), newId('message')];
    const chat = { chatSessionId, toolId, toolVersionId, assignmentId, lastSeq: 2, messageCount: 1 };
    await systemDb.chatSessions.create({ ...own, ...chat });
    const text = `${marker} question`;
    const said = { ...own, chatSessionId, runId, shownToStaff: true };
    await systemDb.messages.create({ ...said, messageId: questionId, seq: 1, role: 'user', text });
    const ids = { chatSessionId, runId, messageId: questionId, answerMessageId: answerId, toolVersionId };
    await systemDb.runs.create({ ...own, ...ids, answerSeq: 2, status });
    if (status === 'completed') {
      const answer = { messageId: answerId, role: 'assistant' as const, outcome: 'cut' as const };
      await systemDb.messages.create({ ...said, ...answer, seq: 2, text: `${marker} answer` });
      await systemDb.runChunks.create({ tenantId, runId, attempt: 0, seq: 0, text: `${marker} answer` });
      const messages = [{ role: 'system' as const, content: `${marker} prompt` }];
      await systemDb.runPrompts.create({ tenantId, runId, attempt: 1, messages });
    }
    return { chatSessionId, runId, questionId, answerId };
  }
  const [cut, failed, waiting] = [
    await addChat('completed'),
    await addChat('failed'),
    await addChat('pending'),
  ];
  const notificationId = newId('notification');
  await systemDb.notifications.create({
    tenantId,
    notificationId,
    userId: people.teacher,
    workflow: 'class-joined',
    data: { className: marker },
    cause: 'mirror',
  });
  const form = await school.addProduct(people.teacher);
  const formAssignmentId = newId('assignment');
  await systemDb.assignments.create({
    tenantId,
    assignmentId: formAssignmentId,
    classId,
    ...form,
    title: 'F',
  });
  const [formRunId, failedFormRunId] = [newId('run'), newId('run')];
  for (const [id, status] of [
    [formRunId, 'completed'],
    [failedFormRunId, 'failed'],
  ] as const) {
    const { toolVersionId: version } = form;
    await systemDb.runs.create({ ...own, runId: id, kind: 'product', toolVersionId: version, status });
    const filled = { input: { topic: `${marker} topic` }, output: { text: `${marker} result` } };
    await systemDb.productResults.create({ ...own, ...form, ...filled, runId: id, shownToStaff: true });
  }
  const { runId } = cut;
  const used = { ...own, runId, attempt: 1, groupId: school.school, toolId, toolVersionId, assignmentId };
  const costs = { reservedTokens: 1, reservedMicros: '1', promptTokens: 3, costMicros: '5', counted: [] };
  const call = { provider: 'gateway', model: 'large', settledAt: Date.now() };
  await systemDb.usageEntries.create({ ...used, ...costs, ...call });
  await systemDb.modelPrices.create({ tenantId, model: 'large', promptMicros: '1', completionMicros: '1' });
  const held = { hook: 'chat:before_ai' as const, module: 'mirror' };
  await systemDb.runOriginals.create({ tenantId, runId, attempt: 1, ...held, original: marker });
  const hookVerdictId = newId('verdict');
  const verdict = { ...held, version: '1.0.0', outcome: 'blocked' as const, ms: 1, reason: marker };
  const ofRun = { tenantId, runId, attempt: 1, chatSessionId: cut.chatSessionId, classId, toolVersionId };
  await systemDb.hookVerdicts.create({ ...ofRun, ...verdict, hookVerdictId });
  const note = { ...own, chatSessionId: cut.chatSessionId, messageId: cut.questionId, module: 'mirror' };
  const noteId = newId('note');
  await systemDb.messageNotes.create({ ...note, messageNoteId: noteId, kind: 'k', label: marker });
  const formNoteId = newId('note');
  const formNote = { ...own, runId: formRunId, module: 'mirror', kind: 'k', label: marker };
  await systemDb.messageNotes.create({ ...formNote, messageNoteId: formNoteId });
  const signInLinkId = newId('signinlink');
  const invitation = { purpose: 'invitation' as const, email: 'x@school.example' };
  const expiresAt = Date.now() + 86_400_000;
  await systemDb.signInLinks.create({
    ...{ tenantId, signInLinkId, userId: newcomerId },
    ...{ ...invitation, expiresAt, delivery: 'kept' },
  });
  const auditEntryId = newId('auditentry');
  const seen = { actorUserId: people.teacher, subjectUserId: people.pupil, details: {} };
  await systemDb.auditEntries.insert({ tenantId, auditEntryId, action: 'chat.recordView', ...seen });
  const syncClientId = newId('device');
  await systemDb.syncClients.create({ tenantId, syncClientId, userId: people.pupil });
  const roster = await buildRoster(systemDb, tenantId, school.district, marker);
  for (const [table, column] of markedColumns) {
    await runSql(systemDb, `update ${table} set ${column} = $2 || ' ' || ${column} where tenant_id = $1`, [
      storedId(tenantId),
      marker,
    ]);
  }
  const pupilSessionId = newId('authsession');
  const contexts: Partial<Record<Caller, RequestContext>> = { anonymous: { app, headers: {} } };
  for (const caller of callers) {
    const session = caller === 'pupil' ? pupilSessionId : undefined;
    if (caller !== 'anonymous') contexts[caller] = await signIn(app, tenantId, people[caller], session);
  }
  await systemDb.users.where(stored({ tenantId, userId: people.suspended })).update({ status: 'suspended' });
  return {
    tenantId,
    marker,
    people,
    contexts: contexts as Record<Caller, RequestContext>,
    things: {
      groupId: school.school,
      topGroupId: school.district,
      emptyGroupId,
      groupMemberId,
      classId,
      classMemberId,
      pupilId: people.pupil,
      pupilSessionId,
      newcomerId,
      toolId,
      toolVersionId,
      draftVersionId,
      assignmentId,
      chatSessionId: cut.chatSessionId,
      failedChatId: failed.chatSessionId,
      waitingChatId: waiting.chatSessionId,
      questionId: cut.questionId,
      answerId: cut.answerId,
      runId: cut.runId,
      failedRunId: failed.runId,
      waitingRunId: waiting.runId,
      formVersionId: form.toolVersionId,
      formAssignmentId,
      formRunId,
      failedFormRunId,
      syncClientId,
      notificationId,
      auditEntryId,
      hookVerdictId,
      noteId,
      formNoteId,
      signInLinkId,
      ...roster,
    },
  };
}

async function signIn(
  app: App,
  tenantId: TenantId,
  userId: UserId,
  authSessionId = newId('authsession'),
): Promise<RequestContext> {
  const token = randomUUID();
  const email = `${userId.toLowerCase()}@school.example`;
  await app.systemDb.authUsers.create({ id: userId, tenantId, name: 'x', email, emailVerified: true });
  await app.systemDb.authSessions.create({
    id: authSessionId,
    userId,
    token,
    expiresAt: Date.now() + 86_400_000,
    deviceContext: 'personal',
  });
  const signature = createHmac('sha256', mirrorSecret).update(token).digest('base64');
  const cookie = `${sessionCookieName}=${encodeURIComponent(`${token}.${signature}`)}`;
  return { app, headers: { cookie } };
}

/** A source with a run that waits for a decision and one whose file has come. */
async function buildRoster(
  db: App['systemDb'],
  tenantId: TenantId,
  rootGroupId: RichId<'group'>,
  marker: string,
) {
  const [rosterSourceId, rosterRunId, uploadRunId] = [
    newId('rostersource'),
    newId('rosterrun'),
    newId('rosterrun'),
  ];
  const source = { tenantId, rosterSourceId };
  await db.rosterSources.create({ ...source, name: 'SIS', rootGroupId });
  const run = { ...source, counts: { rows: 1 }, heldReasons: [marker] };
  await db.rosterRuns.create({ ...run, rosterRunId: uploadRunId, status: 'open', trigger: 'upload' });
  await db.rosterRuns.create({ ...run, rosterRunId, status: 'held' });
  const after = { name: `${marker} pupil`, roles: [] };
  await db.rosterDiffs.create({ tenantId, rosterRunId, entity: 'user', sourcedId: marker, op: 'add', after });
  const issue = { issueNumber: 1, fileName: 'users.csv', code: 'missing', rejected: true };
  await db.rosterIssues.create({ tenantId, rosterRunId, ...issue, sentence: `${marker} sentence` });
  const bytes = Buffer.from('PK');
  await db.rosterPackages.create({ tenantId, rosterRunId: uploadRunId, part: 0, bytes });
  return { rosterSourceId, rosterRunId, uploadRunId };
}

const markedColumns = [
  ['users', 'name'],
  ['groups', 'name'],
  ['classes', 'name'],
  ['tools', 'name'],
  ['tool_versions', 'name'],
  ['assignments', 'title'],
];
