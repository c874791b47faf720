import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import { connectDb } from '../../../backend/src/db/db';
import { migrate } from '../../../backend/src/db/migrate';
import { analyze } from '../bench_database';
import { signInTeacher } from './sign_in_teacher';
import { Words } from './words';

const pupils = 3_000;
const classes = 120;
const pupilsOfAClass = 60;
/** those whose chats the person reads */
const taught = 10;
const chatsOfATaughtClass = 300;
const turnsOfAChat = 3.5;
const hour = 3_600_000;

/** PostgreSQL takes at most 65,535 parameters a statement. */
async function inParts<T>(rows: T[], create: (part: T[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < rows.length; at += 1_500) await create(rows.slice(at, at + 1_500));
}

/**
 * A school as its busiest browser sees it: an administrator who teaches ten classes holds about 50,000 rows,
 * everybody's names and memberships and the chats of those classes. The same rows every time, ids aside.
 */
export async function seedSchool(databaseUrl: string) {
  await migrate(databaseUrl);
  const db = connectDb(databaseUrl, 'system', 2);
  const words = new Words(1);
  const now = Date.now();
  const [tenantId, groupId, teacherId] = [newId('tenant'), newId('group'), newId('user')];
  await db.tenants.create({ tenantId, name: 'Bench' });
  await db.groups.create({ tenantId, groupId, name: 'School', kind: 'school', path: 'a' });

  const pupilIds = Array.from({ length: pupils }, () => newId('user'));
  const people = [teacherId, ...pupilIds].map((userId) => ({ userId, name: words.name() }));
  await inParts(
    people,
    async (rows) =>
      await db.users.createMany(rows.map((row) => ({ tenantId, ...row, status: 'active' as const }))),
  );
  await inParts(
    people,
    async (rows) =>
      await db.userContacts.createMany(
        rows.map(({ userId, name }, at) => ({
          tenantId,
          userId,
          email: `${name.toLowerCase().replaceAll(' ', '.')}.${userId.slice(-6)}${at}@pupils.example`,
        })),
      ),
  );
  await inParts(
    people,
    async (rows) =>
      await db.groupMembers.createMany(
        rows.map(({ userId }) => ({
          tenantId,
          groupMemberId: newId('groupmember'),
          groupId,
          userId,
          role: userId === teacherId ? ('group_admin' as const) : ('student' as const),
        })),
      ),
  );

  const tools = Array.from({ length: 40 }, () => ({
    toolId: newId('tool'),
    toolVersionId: newId('toolversion'),
  }));
  for (const { toolId, toolVersionId } of tools) {
    const name = words.text(3);
    const tool = { tenantId, toolId, groupId, ownerUserId: teacherId };
    const named = { name, slug: `tool-${toolId.slice(-8).toLowerCase()}`, kind: 'chat' } as const;
    await db.tools.create({ ...tool, ...named, publishedToolVersionId: toolVersionId });
    await db.toolVersions.create({ ...tool, ...named, toolVersionId, version: '1.0.0', status: 'published' });
    await db.toolSources.create({
      ...tool,
      toolVersionId,
      yaml: `name: ${name}\ntype: chat\nbehavior: ${words.text(80)}\n`,
    });
  }

  const classIds = Array.from({ length: classes }, () => newId('class'));
  await db.classes.createMany(
    classIds.map((classId, at) => ({
      tenantId,
      classId,
      groupId,
      name: `Class ${at}`,
      subject: words.text(1),
    })),
  );
  const members = classIds.flatMap((classId, at) =>
    Array.from({ length: pupilsOfAClass }, (_, seat) => ({
      classId,
      userId: pupilIds[(at * pupilsOfAClass + seat) % pupils] ?? teacherId,
      role: 'student' as 'student' | 'teacher',
    })),
  );
  for (const classId of classIds.slice(0, taught))
    members.push({ classId, userId: teacherId, role: 'teacher' });
  await inParts(
    members,
    async (rows) =>
      await db.classMembers.createMany(
        rows.map((row) => ({ tenantId, classMemberId: newId('classmember'), ...row })),
      ),
  );
  const assignments = classIds.flatMap((classId, at) =>
    Array.from({ length: 4 }, (_, number) => ({
      classId,
      assignmentId: newId('assignment'),
      ...(tools[(at + number * 7) % tools.length] ?? {
        toolId: newId('tool'),
        toolVersionId: newId('toolversion'),
      }),
      title: words.text(4),
      instructions: words.text(25),
      assignedByUserId: teacherId,
    })),
  );
  await inParts(
    assignments,
    async (rows) => await db.assignments.createMany(rows.map((row) => ({ tenantId, ...row }))),
  );

  // Lessons one after the other over some months, as ids are: whoever sits in one lesson writes at the same time.
  const chats = classIds.slice(0, taught).flatMap((classId, at) => {
    const given = assignments.filter((row) => row.classId === classId);
    return Array.from({ length: chatsOfATaughtClass }, (_, number) => {
      const lesson = Math.floor(number / 30);
      const startedAt = now - (taught * lesson + at + 1) * 7 * hour + words.below(600_000);
      const assignment = given[lesson % given.length];
      if (!assignment) throw new Error('every class has assignments');
      const userId = pupilIds[(at * pupilsOfAClass + (number % pupilsOfAClass)) % pupils] ?? teacherId;
      const { assignmentId, toolId, toolVersionId } = assignment;
      const place = { classId, userId, assignmentId, toolId, toolVersionId };
      const turns = Math.max(1, Math.round(turnsOfAChat * (0.5 + words.share())));
      return { ...place, chatSessionId: newId('chat', startedAt), startedAt, turns };
    });
  });
  chats.sort((a, b) => a.startedAt - b.startedAt);
  await inParts(
    chats,
    async (rows) =>
      await db.chatSessions.createMany(
        rows.map(({ startedAt, turns, ...row }) => ({
          tenantId,
          ...row,
          messageCount: turns * 2,
          lastSeq: turns * 2,
          lastMessageAt: startedAt + turns * 60_000,
          status: 'completed' as const,
          completedAt: startedAt + turns * 60_000,
        })),
      ),
  );
  const turns = chats.flatMap(({ startedAt, turns: count, ...place }) =>
    Array.from({ length: count }, (_, turn) => {
      const askedAt = startedAt + turn * 60_000 + words.below(20_000);
      return {
        ...place,
        turn,
        askedAt,
        runId: newId('run', askedAt),
        messageId: newId('message', askedAt),
        answerMessageId: newId('message', askedAt),
      };
    }),
  );
  turns.sort((a, b) => a.askedAt - b.askedAt);
  await inParts(
    turns,
    async (rows) =>
      await db.runs.createMany(
        rows.map(
          ({
            runId,
            chatSessionId,
            messageId,
            answerMessageId,
            userId,
            classId,
            toolVersionId,
            turn,
            askedAt,
          }) => ({
            tenantId,
            runId,
            chatSessionId,
            messageId,
            answerMessageId,
            answerSeq: turn * 2 + 2,
            userId,
            classId,
            toolVersionId,
            status: words.share() < 0.01 ? ('failed' as const) : ('completed' as const),
            attempt: 1,
            startedAt: askedAt + 40,
            finishedAt: askedAt + 4_000,
            createdAt: askedAt,
            updatedAt: askedAt + 4_000,
          }),
        ),
      ),
  );
  const messages = turns.flatMap(
    ({ runId, chatSessionId, messageId, answerMessageId, userId, classId, turn, askedAt }) => {
      const both = { tenantId, chatSessionId, userId, classId, runId, shownToStaff: true };
      const meta = {
        provider: 'gateway' as const,
        model: 'tutor-1',
        promptTokens: 300 + words.below(900),
        completionTokens: 80,
        latencyMs: 900 + words.below(3_000),
      };
      return [
        {
          ...both,
          messageId,
          seq: turn * 2 + 1,
          role: 'user' as const,
          text: words.text(6 + words.below(14)),
          meta: {},
          createdAt: askedAt,
          updatedAt: askedAt,
        },
        {
          ...both,
          messageId: answerMessageId,
          seq: turn * 2 + 2,
          role: 'assistant' as const,
          text: words.text(20 + words.below(50)),
          meta,
          createdAt: askedAt,
          updatedAt: askedAt + 4_000,
        },
      ];
    },
  );
  await inParts(messages, async (rows) => await db.messages.createMany(rows));
  const signedIn = await signInTeacher(db, databaseUrl, { tenantId, userId: teacherId });
  await db.$close();
  await analyze(databaseUrl);
  return { ...signedIn, userId: teacherId, classId: classIds[0] as RichId<'class'> };
}
