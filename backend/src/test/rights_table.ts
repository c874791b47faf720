import { type Ability, may } from '@raptscallions/policies/ability';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { Caller, Things } from './build_mirror';

/** `shows` and `hides`: the call is answered, with or without the thing that is looked for. */
export type Outcome =
  | 'does'
  | 'shows'
  | 'hides'
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT';

/** What one procedure answers to whom, as somebody has read and agreed to it. */
export type Right = {
  /** a call that works for whoever has the right; new ids are made anew each time */
  input(things: Things): unknown;
  /** for a list: the answer is looked through for this */
  looksFor?(things: Things): RichId;
  /** callers by what they get, in the school of the things; anonymous and suspended people get UNAUTHORIZED */
  own: Partial<Record<Outcome, Caller[]>>;
  /** everybody who is in no list of `own` */
  others: Outcome;
  /** everybody of another tenant; the same for things that do not exist */
  foreign: Outcome;
  /** the declared policy behind it; whoever it lets, and nobody else, gets `does` or `shows` */
  policy?(ability: Ability, things: Things): boolean;
  /** it only reads, so it is called without a transaction around it that is undone */
  reads?: true;
};

const admins: Caller[] = ['ancestorAdmin', 'systemAdmin'];
const classStaff: Caller[] = ['teacher', 'coTeacher'];
const readersOfClass: Caller[] = ['pupil', ...classStaff, 'otherTeacher'];
const readersOfChat: Caller[] = ['pupil', ...classStaff];
const everybody: Caller[] = [...readersOfClass, 'otherPupil', 'siblingAdmin', ...admins];

const ofAdmins = {
  own: { does: admins, FORBIDDEN: readersOfClass },
  others: 'NOT_FOUND',
  foreign: 'NOT_FOUND',
} as const;
const ofSignInAdmins = {
  own: { does: admins },
  others: 'NOT_FOUND',
  foreign: 'NOT_FOUND',
} satisfies Partial<Right>;
const ofAuthor = {
  own: { does: ['teacher'] },
  others: 'NOT_FOUND',
  foreign: 'NOT_FOUND',
} satisfies Partial<Right>;
const ofPupil = {
  own: { does: ['pupil'] },
  others: 'NOT_FOUND',
  foreign: 'NOT_FOUND',
} satisfies Partial<Right>;
const ofChat = {
  own: { does: readersOfChat },
  others: 'NOT_FOUND',
  foreign: 'NOT_FOUND',
} satisfies Partial<Right>;
const ofAssigners = {
  own: { does: [...classStaff, ...admins] },
  others: 'NOT_FOUND',
  foreign: 'NOT_FOUND',
} satisfies Partial<Right>;

const ofGroupAdmins = {
  own: { does: admins },
  others: 'NOT_FOUND',
  foreign: 'NOT_FOUND',
} satisfies Partial<Right>;
const mayUsage =
  (action: 'read' | 'update') =>
  (ability: Ability, { groupId }: Things) =>
    may(ability, action, 'Usage', { groupId });

const mayManageGroup =
  (which: 'groupId' | 'emptyGroupId' | 'topGroupId') => (ability: Ability, things: Things) =>
    may(ability, 'manage', 'Group', { groupId: things[which] });

const newTurn = () => ({
  messageId: newId('message'),
  runId: newId('run'),
  answerMessageId: newId('message'),
});
const yaml = 'name: Changed\nversion: 1.1.0\ntype: chat\nbehavior: Ask first.\n';
const mayDoToClass =
  (action: 'create' | 'update' | 'delete') =>
  (ability: Ability, { classId, groupId }: Things) =>
    may(ability, action, 'Class', { classId, groupId });
const mayChangeMembers =
  (action: 'create' | 'delete') =>
  (ability: Ability, { classId, groupId }: Things) =>
    may(ability, action, 'ClassMember', { classId, groupId });
const mayChangeAssignment =
  (action: 'create' | 'update') =>
  (ability: Ability, { classId, groupId }: Things) =>
    may(ability, action, 'Assignment', { classId, groupId });
const mayReadRun = (ability: Ability, { classId, pupilId }: Things) =>
  may(ability, 'read', 'Run', { classId, userId: pupilId, hidden: false });
const mayChat =
  (action: 'read' | 'update') =>
  (ability: Ability, { classId, pupilId }: Things) =>
    may(ability, action, 'ChatSession', { classId, userId: pupilId, hiddenAt: null });

const mayManageRosters = (ability: Ability, { topGroupId }: Things) =>
  may(ability, 'manage', 'RosterSource', { groupId: topGroupId });
/** Of the source's group; other administrators do not even learn that it is there. */
const ofRosterAdmins = {
  own: { does: admins },
  others: 'NOT_FOUND',
  foreign: 'NOT_FOUND',
  policy: mayManageRosters,
} satisfies Partial<Right>;

/**
 * Every procedure of the router, one line each. Read a line as a sentence before you add it: who gets what, and
 * is that what FEATURES and the policies say? Three tests live on it: who may do what, ids of other schools, and
 * fields nobody declared.
 */
export const rightsTable: Record<string, Right> = {
  signInPage: {
    input: () => undefined,
    own: { does: ['anonymous', 'suspended', ...everybody] },
    others: 'does',
    foreign: 'does',
    reads: true,
  },
  // A secret opens it, and only where there is nobody yet; the mirror is full of people.
  setUp: {
    input: () => ({
      token: 'x'.repeat(43),
      schoolName: 'Mine',
      name: 'Me',
      email: 'me@school.example',
      password: 'correct horse',
    }),
    own: { NOT_FOUND: ['anonymous', 'suspended', ...everybody] },
    others: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
    reads: true,
  },
  'auth.requestReset': {
    input: () => ({ email: 'anybody@school.example' }),
    own: { does: ['anonymous', 'suspended', ...everybody] },
    others: 'does',
    foreign: 'does',
    reads: true,
  },
  // Whoever holds a link may look what it is; here nobody holds one, and is told so.
  'auth.readLink': {
    input: () => ({ token: 'x'.repeat(43) }),
    own: { does: ['anonymous', 'suspended', ...everybody] },
    others: 'does',
    foreign: 'does',
    reads: true,
  },
  'auth.redeemLink': {
    input: () => ({ token: 'x'.repeat(43), password: 'correct horse' }),
    own: { NOT_FOUND: ['anonymous', 'suspended', ...everybody] },
    others: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
    reads: true,
  },
  'auth.invite': {
    input: ({ groupId }) => ({
      name: 'New',
      email: 'new@school.example',
      groupId,
      role: 'teacher',
    }),
    ...ofSignInAdmins,
  },
  'auth.sendLink': {
    input: ({ newcomerId }) => ({ userId: newcomerId }),
    ...ofSignInAdmins,
  },
  'auth.setStatus': {
    input: ({ newcomerId }) => ({ userId: newcomerId, status: 'suspended' }),
    ...ofSignInAdmins,
  },
  // Pupils of one's own class too: `sign_in_links.test.ts`; the newcomer is in none.
  'auth.givePassword': {
    input: ({ newcomerId }) => ({ userId: newcomerId, password: 'correct horse' }),
    ...ofSignInAdmins,
  },
  'auth.setUsername': {
    input: ({ newcomerId }) => ({ userId: newcomerId, username: 'new.comer' }),
    ...ofSignInAdmins,
  },
  'auth.changeEmail': {
    input: () => ({ email: 'mine@school.example' }),
    own: { does: everybody },
    others: 'does',
    foreign: 'does',
  },
  'auth.showSignIn': {
    input: ({ newcomerId }) => ({ userId: newcomerId }),
    ...ofSignInAdmins,
    reads: true,
  },
  // Each sees and ends their own only; whose are whose is `sessions.test.ts`'s.
  'auth.listSessions': {
    input: () => ({ limit: 50 }),
    own: { does: everybody },
    others: 'does',
    foreign: 'does',
    reads: true,
  },
  'auth.endSession': {
    input: () => ({ authSessionId: newId('authsession') }),
    own: { NOT_FOUND: everybody },
    others: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
    reads: true,
  },
  'auth.listSignIns': {
    input: () => ({ limit: 100 }),
    looksFor: ({ pupilSessionId }) => pupilSessionId,
    own: { shows: admins },
    others: 'hides',
    foreign: 'hides',
    reads: true,
  },
  // All of them, of whom there are none: a session that is named is `sessions.test.ts`'s.
  'auth.endSignIns': {
    input: ({ newcomerId }) => ({ userId: newcomerId }),
    ...ofSignInAdmins,
  },
  // Nobody of the mirror has a password.
  'auth.prove': {
    input: () => ({ password: 'correct horse' }),
    own: { CONFLICT: everybody },
    others: 'CONFLICT',
    foreign: 'CONFLICT',
    reads: true,
  },
  // It ends the caller's other sessions, of which the mirror's people have none.
  'auth.changePassword': {
    input: () => ({ password: 'correct horse' }),
    own: { does: everybody },
    others: 'does',
    foreign: 'does',
  },
  'auth.listLinks': {
    input: () => ({ limit: 50 }),
    looksFor: ({ signInLinkId }) => signInLinkId,
    own: { shows: admins },
    others: 'hides',
    foreign: 'hides',
    reads: true,
  },
  me: { input: () => undefined, own: { does: everybody }, others: 'does', foreign: 'does', reads: true },

  'classes.list': {
    input: ({ groupId }) => ({ groupId, limit: 50 }),
    looksFor: ({ classId }) => classId,
    own: { shows: [...readersOfClass, ...admins] },
    others: 'hides',
    foreign: 'hides',
    policy: (ability, { classId, groupId }) => may(ability, 'read', 'Class', { classId, groupId }),
    reads: true,
  },
  'classes.create': {
    input: ({ groupId }) => ({ classId: newId('class'), groupId, name: 'A new class' }),
    own: { does: admins },
    others: 'FORBIDDEN',
    foreign: 'FORBIDDEN',
    policy: mayDoToClass('create'),
  },
  'classes.update': {
    input: ({ classId }) => ({ classId, name: 'Renamed' }),
    ...ofAdmins,
    own: { ...ofAdmins.own },
    policy: mayDoToClass('update'),
  },
  'classes.archive': {
    input: ({ classId }) => ({ classId, archived: true }),
    ...ofAdmins,
    own: { ...ofAdmins.own },
    policy: mayDoToClass('delete'),
  },
  'groups.create': {
    input: ({ groupId }) => ({
      groupId: newId('group'),
      parentGroupId: groupId,
      name: 'New',
      kind: 'department',
    }),
    ...ofGroupAdmins,
    policy: mayManageGroup('groupId'),
  },
  'groups.update': {
    input: ({ groupId }) => ({ groupId, name: 'Renamed', theme: { accent: 'plum' }, retentionDays: 400 }),
    ...ofGroupAdmins,
    policy: mayManageGroup('groupId'),
  },
  'groups.move': {
    input: ({ emptyGroupId, groupId }) => ({ groupId: emptyGroupId, parentGroupId: groupId }),
    ...ofGroupAdmins,
    policy: mayManageGroup('emptyGroupId'),
  },
  'groups.archive': {
    input: ({ emptyGroupId }) => ({ groupId: emptyGroupId, archived: true }),
    ...ofGroupAdmins,
    policy: mayManageGroup('emptyGroupId'),
  },
  'groups.setMember': {
    input: ({ groupId, newcomerId }) => ({
      groupMemberId: newId('groupmember'),
      groupId,
      userId: newcomerId,
      role: 'teacher',
    }),
    ...ofGroupAdmins,
    policy: mayManageGroup('groupId'),
  },
  'groups.removeMember': {
    input: ({ groupMemberId }) => ({ groupMemberId }),
    ...ofGroupAdmins,
    // Gone already counts as done, and what is not there is gone.
    foreign: 'does',
    policy: mayManageGroup('topGroupId'),
  },
  'classes.addMember': {
    input: ({ classId, newcomerId }) => ({
      classMemberId: newId('classmember'),
      classId,
      userId: newcomerId,
      role: 'student',
    }),
    ...ofAdmins,
    own: { ...ofAdmins.own },
    policy: mayChangeMembers('create'),
  },
  'classes.removeMember': {
    input: ({ classMemberId }) => ({ classMemberId }),
    ...ofAdmins,
    own: { ...ofAdmins.own },
    // Gone already counts as done, and what is not there is gone.
    foreign: 'does',
    policy: mayChangeMembers('delete'),
  },

  'tools.save': {
    input: ({ toolId, draftVersionId, groupId }) => ({
      toolId,
      toolVersionId: draftVersionId,
      groupId,
      yaml,
    }),
    ...ofAuthor,
    // Nobody's tool would be a new one, in a group that is not theirs.
    foreign: 'FORBIDDEN',
  },
  'tools.publish': {
    input: ({ toolId, draftVersionId }) => ({ toolId, toolVersionId: draftVersionId }),
    ...ofAuthor,
  },
  'tools.archive': { input: ({ toolId }) => ({ toolId, archived: true }), ...ofAuthor },

  'assignments.create': {
    input: ({ classId, toolId, toolVersionId }) => ({
      assignmentId: newId('assignment'),
      classId,
      toolId,
      toolVersionId,
      title: 'Do this',
    }),
    own: { does: [...classStaff, ...admins], FORBIDDEN: ['pupil', 'otherTeacher'] },
    others: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
    policy: mayChangeAssignment('create'),
  },
  'assignments.update': {
    input: ({ assignmentId }) => ({ assignmentId, title: 'Do that' }),
    ...ofAssigners,
    policy: mayChangeAssignment('update'),
  },
  'assignments.remove': {
    input: ({ assignmentId }) => ({ assignmentId, removed: true }),
    ...ofAssigners,
    policy: mayChangeAssignment('update'),
  },

  'chat.start': {
    input: ({ assignmentId, toolVersionId }) => ({
      chatSessionId: newId('chat'),
      assignmentId,
      toolVersionId,
    }),
    ...ofChat,
  },
  'chat.send': { input: ({ chatSessionId }) => ({ chatSessionId, ...newTurn(), text: 'Why?' }), ...ofPupil },
  'chat.retry': { input: ({ failedRunId }) => ({ runId: failedRunId }), ...ofPupil },
  'chat.stop': { input: ({ waitingRunId }) => ({ runId: waitingRunId }), ...ofPupil },
  'chat.regenerate': {
    input: ({ answerId }) => ({
      answerMessageId: answerId,
      runId: newId('run'),
      newAnswerMessageId: newId('message'),
    }),
    ...ofPupil,
  },
  'chat.continue': {
    input: ({ answerId }) => ({ answerMessageId: answerId, runId: newId('run') }),
    ...ofPupil,
  },
  'chat.hide': { input: ({ chatSessionId }) => ({ chatSessionId, hidden: true }), ...ofPupil },
  'chat.pause': {
    input: ({ chatSessionId }) => ({ chatSessionId, paused: true }),
    ...ofChat,
    policy: mayChat('update'),
  },
  'chat.complete': {
    input: ({ chatSessionId }) => ({ chatSessionId }),
    ...ofChat,
    policy: mayChat('update'),
  },
  'chat.replay': {
    input: ({ chatSessionId }) => ({ transcriptViewId: newId('view'), chatSessionId }),
    own: { does: [...classStaff, ...admins] },
    others: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
    policy: (ability, { classId, pupilId, groupId }) =>
      may(ability, 'read', 'Replay', { userId: pupilId, classId, groupId }),
  },
  'chat.recordView': {
    input: ({ chatSessionId }) => ({ transcriptViewId: newId('view'), chatSessionId, viewedAt: 1 }),
    ...ofChat,
    policy: mayChat('read'),
  },

  'products.run': {
    input: ({ formVersionId: toolVersionId, formAssignmentId: assignmentId }) => ({
      runId: newId('run'),
      assignmentId,
      toolVersionId,
      input: { topic: 'leaves' },
    }),
    ...ofChat,
  },
  'products.retry': { input: ({ failedFormRunId: runId }) => ({ runId }), ...ofPupil },
  'products.stop': { input: ({ formRunId: runId }) => ({ runId }), ...ofPupil },
  'products.hide': { input: ({ formRunId: runId }) => ({ runId, hidden: true }), ...ofPupil },
  'products.recordView': {
    input: ({ formRunId: runId }) => ({ productViewId: newId('productview'), runId, viewedAt: 1 }),
    ...ofChat,
    policy: (ability, { classId, pupilId }) =>
      may(ability, 'read', 'ProductResult', {
        classId,
        userId: pupilId,
        hiddenAt: null,
        shownToStaff: true,
      }),
  },

  'runs.list': {
    input: () => ({ limit: 100 }),
    looksFor: ({ runId }) => runId,
    own: { shows: admins },
    others: 'hides',
    foreign: 'hides',
    policy: (ability, { groupId }) => may(ability, 'read', 'RunPrompt', { groupId }),
    reads: true,
  },
  'privacy.exportPerson': {
    input: ({ newcomerId }) => ({ userId: newcomerId }),
    ...ofSignInAdmins,
  },
  'privacy.erasePerson': {
    input: ({ newcomerId }) => ({ userId: newcomerId }),
    ...ofSignInAdmins,
  },
  'audit.list': {
    input: () => ({ limit: 100 }),
    looksFor: ({ auditEntryId }) => auditEntryId,
    own: { shows: admins },
    others: 'hides',
    foreign: 'hides',
    policy: (ability, { groupId }) =>
      may(ability, 'manage', 'GroupMember', { groupId, userId: newId('user') }),
    reads: true,
  },
  'notifications.list': {
    input: () => ({ limit: 100 }),
    looksFor: ({ notificationId }) => notificationId,
    own: { shows: admins },
    others: 'hides',
    foreign: 'hides',
    policy: (ability, { groupId }) =>
      may(ability, 'manage', 'GroupMember', { groupId, userId: newId('user') }),
    reads: true,
  },
  'runs.inspectPrompt': {
    input: ({ runId }) => ({ runPromptViewId: newId('promptview'), runId }),
    own: { does: admins },
    others: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
    policy: (ability, { groupId }) => may(ability, 'read', 'RunPrompt', { groupId }),
  },
  'runs.watch': {
    input: ({ runId }) => ({ runId }),
    ...ofChat,
    policy: mayReadRun,
    reads: true,
  },

  'hooks.list': {
    input: ({ groupId }) => ({ place: { kind: 'group', groupId } }),
    ...ofGroupAdmins,
    policy: (ability, { groupId }) => may(ability, 'read', 'ModuleSetting', { groupId, ownerUserId: null }),
    reads: true,
  },
  // A tool is also its owner's.
  'hooks.set': {
    input: ({ toolId }) => ({
      place: { kind: 'tool', toolId },
      module: 'mirror',
      enabled: true,
      config: {},
      locked: false,
    }),
    own: { does: ['teacher', ...admins] },
    others: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
  },
  'hooks.try': {
    input: ({ groupId }) => ({
      place: { kind: 'group', groupId },
      module: 'mirror',
      hook: 'chat:before_ai',
      text: 'hello',
      config: {},
    }),
    ...ofGroupAdmins,
    policy: (ability, { groupId }) => may(ability, 'read', 'ModuleSetting', { groupId, ownerUserId: null }),
    reads: true,
  },
  'hooks.listVerdicts': {
    input: () => ({ limit: 100 }),
    looksFor: ({ hookVerdictId }) => hookVerdictId,
    own: { shows: admins },
    others: 'hides',
    foreign: 'hides',
    policy: (ability, { groupId }) => may(ability, 'read', 'HookVerdict', { groupId }),
    reads: true,
  },
  'hooks.readOriginals': {
    input: ({ runId }) => ({ originalViewId: newId('originalview'), runId }),
    own: { does: admins },
    others: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
    policy: (ability, { groupId }) => may(ability, 'read', 'MessageOriginal', { groupId }),
  },
  'hooks.revive': {
    input: ({ groupId }) => ({ place: { kind: 'group', groupId }, module: 'mirror' }),
    ...ofGroupAdmins,
  },

  'usage.overview': {
    input: ({ groupId }) => ({ groupId, days: 30 }),
    ...ofGroupAdmins,
    policy: mayUsage('read'),
    reads: true,
  },
  'usage.breakdown': {
    input: ({ groupId }) => ({ groupId, days: 30, by: 'person' }),
    ...ofGroupAdmins,
    policy: mayUsage('read'),
    reads: true,
  },
  'usage.limits': {
    input: ({ groupId }) => ({ groupId }),
    ...ofGroupAdmins,
    policy: mayUsage('read'),
    reads: true,
  },
  'usage.prices': {
    input: ({ groupId }) => ({ groupId }),
    ...ofGroupAdmins,
    policy: mayUsage('read'),
    reads: true,
  },
  'usage.setLimits': {
    input: ({ groupId }) => ({
      groupId,
      limits: { callsPerMinute: 5, callsPerHour: null, tokensPerDay: 9, monthlyBudgetMicros: 7 },
      enabledModels: ['small'],
    }),
    ...ofGroupAdmins,
    policy: mayUsage('update'),
  },
  // The whole tenant's: for whoever administers the group at its top.
  'usage.setPrice': {
    input: ({ topGroupId: groupId }) => ({ groupId, model: 'small', promptMicros: 1, completionMicros: 2 }),
    ...ofGroupAdmins,
  },
  'usage.removePrice': {
    input: ({ topGroupId: groupId }) => ({ groupId, model: 'large' }),
    ...ofGroupAdmins,
  },
  'usage.setTimeZone': {
    input: ({ topGroupId: groupId }) => ({ groupId, timeZone: 'Europe/Berlin' }),
    ...ofGroupAdmins,
  },
  'tenants.readSchoolCode': {
    input: ({ topGroupId: groupId }) => ({ groupId }),
    ...ofGroupAdmins,
    policy: mayManageGroup('topGroupId'),
    reads: true,
  },
  'tenants.setSchoolCode': {
    input: ({ topGroupId: groupId }) => ({ groupId, schoolCode: 'A new code' }),
    ...ofGroupAdmins,
    policy: mayManageGroup('topGroupId'),
  },
  'rosters.listSources': {
    input: () => ({ limit: 50 }),
    looksFor: ({ rosterSourceId }) => rosterSourceId,
    own: { shows: admins },
    others: 'hides',
    foreign: 'hides',
    policy: mayManageRosters,
    reads: true,
  },
  'rosters.createSource': {
    input: ({ topGroupId }) => ({
      rosterSourceId: newId('rostersource'),
      rootGroupId: topGroupId,
      name: 'Another',
    }),
    own: { does: admins },
    others: 'FORBIDDEN',
    foreign: 'FORBIDDEN',
    policy: mayManageRosters,
  },
  'rosters.updateSource': {
    input: ({ rosterSourceId }) => ({ rosterSourceId, name: 'Renamed' }),
    ...ofRosterAdmins,
  },
  'rosters.startUpload': {
    input: ({ rosterSourceId }) => ({
      rosterRunId: newId('rosterrun'),
      rosterSourceId,
      fileName: 'roster.zip',
    }),
    ...ofRosterAdmins,
  },
  'rosters.readUpload': {
    input: ({ uploadRunId }) => ({ rosterRunId: uploadRunId, parts: 1, decision: 'preview' }),
    ...ofRosterAdmins,
  },
  // The mirror's source gets files, so even who may is told that it cannot be asked.
  'rosters.fetch': {
    input: ({ rosterSourceId }) => ({ rosterRunId: newId('rosterrun'), rosterSourceId }),
    own: { BAD_REQUEST: admins },
    others: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
  },
  'rosters.testConnection': {
    input: ({ rosterSourceId }) => ({ rosterSourceId }),
    own: { BAD_REQUEST: admins },
    others: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
    reads: true,
  },
  'rosters.decide': {
    input: ({ rosterRunId }) => ({ rosterRunId, decision: 'discard' }),
    ...ofRosterAdmins,
  },
  'rosters.listRuns': {
    input: ({ rosterSourceId }) => ({ rosterSourceId, limit: 50 }),
    ...ofRosterAdmins,
    reads: true,
  },
  'rosters.readRun': { input: ({ rosterRunId }) => ({ rosterRunId }), ...ofRosterAdmins, reads: true },
  'rosters.listDiffs': {
    input: ({ rosterRunId }) => ({ rosterRunId, entity: 'user', op: 'add', limit: 50 }),
    ...ofRosterAdmins,
    reads: true,
  },
  'rosters.readSchools': { input: ({ rosterRunId }) => ({ rosterRunId }), ...ofRosterAdmins, reads: true },
  'rosters.listIssues': {
    input: ({ rosterRunId }) => ({ rosterRunId, limit: 50 }),
    ...ofRosterAdmins,
    reads: true,
  },
  'rosters.exportIssues': { input: ({ rosterRunId }) => ({ rosterRunId }), ...ofRosterAdmins, reads: true },

  'sync.pull': {
    input: ({ classId, pupilId }) => ({
      syncClientId: newId('device'),
      cursor: null,
      scopes: [`class:${classId}:staff`, `user:${pupilId}`],
    }),
    looksFor: ({ chatSessionId }) => chatSessionId,
    own: { shows: readersOfChat },
    others: 'hides',
    foreign: 'hides',
    policy: mayChat('read'),
    reads: true,
  },
  // It counts what its caller's own position shows, and says nothing to anybody who does not stand there.
  'sync.digest': {
    input: ({ classId }) => ({
      syncClientId: newId('device'),
      cursor: 'of nobody',
      scopes: [`class:${classId}:staff`],
    }),
    own: { does: everybody },
    others: 'does',
    foreign: 'does',
    reads: true,
  },
  'sync.sealKey': {
    input: () => undefined,
    own: { does: everybody },
    others: 'does',
    foreign: 'does',
    reads: true,
  },
  // Whether an edit was refused is a row of its own; the test of pushed edits holds each against its line here.
  'sync.push': {
    input: ({ classId }) => ({
      syncClientId: newId('device'),
      mutations: [{ mid: 1, name: 'classes.update', args: { classId, name: 'Pushed' } }],
    }),
    own: { does: everybody },
    others: 'does',
    foreign: 'does',
  },
  // Served at its own address, outside of the router, which says so to whoever is signed in.
  'sync.stream': {
    input: () => ({ syncClientId: newId('device'), streamId: 'stream-of-a-test', cursor: null, scopes: [] }),
    own: { BAD_REQUEST: everybody },
    others: 'BAD_REQUEST',
    foreign: 'BAD_REQUEST',
    reads: true,
  },
  'sync.watch': {
    input: ({ runId }) => ({ streamId: 'stream-of-a-test', runIds: [runId] }),
    looksFor: ({ runId }) => runId,
    own: { shows: readersOfChat },
    others: 'hides',
    foreign: 'hides',
    policy: mayReadRun,
    reads: true,
  },
};

/** What a caller gets in the school of the things, by the line of its procedure. */
export function expectedOwn(right: Right, caller: Caller): Outcome {
  const named = Object.entries(right.own).find(([, group]) => group.includes(caller));
  if (named) return named[0] as Outcome;
  return caller === 'anonymous' || caller === 'suspended' ? 'UNAUTHORIZED' : right.others;
}

/** What a caller gets for the things of another tenant, or for none. */
export function expectedForeign(right: Right, caller: Caller): Outcome {
  const outside = caller === 'anonymous' || caller === 'suspended';
  const named = Object.values(right.own).some((group) => group.includes(caller));
  return outside && !named ? 'UNAUTHORIZED' : right.foreign;
}
