import { chatIdleMs } from '@raptscallions/zod-schemas/chat.zod';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Insertable } from 'orchid-orm';
import type { ChatSessionTable } from '../../modules/chat/tables/chat_session.table';
import type { MessageTable } from '../../modules/chat/tables/message.table';
import type { RunTable } from '../../modules/runs/tables/run.table';
import type { Db } from '../db';
import { runSql } from '../run_sql';
import { storedId } from '../stored_id';
import { pick, type Random } from './seeded_random';

const day = 86_400_000;

/** Some time in the last three hours, or, unless it must be `recent`, in the school hours of one of the six days before. */
function aMoment(now: number, random: Random, recent: boolean): number {
  const daysAgo = Math.floor(random() * 7);
  const hours = random();
  if (recent || daysAgo === 0) return now - 600_000 - Math.floor(hours * 3 * 3_600_000);
  return new Date(now - daysAgo * day).setHours(8, 45, 0, 0) + Math.floor(hours * 6 * 3_600_000);
}

type DemoChats = {
  tenantId: TenantId;
  classId: ClassId;
  pupils: { userId: UserId }[];
  ids: {
    assignmentId: RichId<'assignment'>;
    toolId: RichId<'tool'>;
    toolVersionId: RichId<'toolversion'>;
  };
  /** what is said in turns, a pupil first; some chats break off before the end */
  talks: string[][];
  /** milliseconds since 1970: the week of chats ends here */
  now: number;
  random: Random;
};

/**
 * The chats of about two thirds of a class over one assignment; its first pupil always has one that can go on,
 * whatever the hour at which the school is made. What has rested for a day is finished, as the server would do it.
 */
export async function writeDemoChats(
  db: Db,
  { tenantId, classId, pupils, ids, talks, now, random }: DemoChats,
): Promise<void> {
  const sessions: Insertable<ChatSessionTable>[] = [];
  const messages: Insertable<MessageTable>[] = [];
  const runs: Insertable<RunTable>[] = [];
  const first = pupils[0];
  for (const pupil of pupils.filter((other) => other === first || random() < 0.6)) {
    const talk = pick(random, talks);
    const lines = talk.slice(0, Math.max(2, 2 * Math.ceil((random() * talk.length) / 2)));
    let at = aMoment(now, random, pupil === first);
    const started = at;
    const chatSessionId = newId('chat', at);
    const own = { tenantId, chatSessionId, userId: pupil.userId, classId };
    for (const [index, text] of lines.entries()) {
      const seq = index + 1;
      const asked = index % 2 === 0;
      at += asked ? 20_000 + Math.floor(random() * 60_000) : 2_000 + Math.floor(random() * 4_000);
      if (asked) {
        const runId = newId('run', at);
        const [messageId, answerMessageId] = [newId('message', at), newId('message', at + 1)];
        messages.push({
          ...own,
          runId,
          messageId,
          seq,
          role: 'user',
          text,
          meta: {},
          shownToStaff: true,
          createdAt: at,
        });
        runs.push({
          ...own,
          runId,
          messageId,
          answerMessageId,
          answerSeq: seq + 1,
          toolVersionId: ids.toolVersionId,
          status: 'completed',
          attempt: 1,
          provider: 'practice',
          model: 'practice',
          startedAt: at,
          finishedAt: at + 3_000,
          createdAt: at,
        });
      } else {
        const run = runs.at(-1);
        messages.push({
          ...own,
          runId: run?.runId,
          messageId: run?.answerMessageId ?? newId('message', at),
          seq,
          role: 'assistant',
          text,
          meta: { provider: 'practice' },
          shownToStaff: true,
          createdAt: at,
        });
      }
    }
    const ended = random() < 0.3 || now - at >= chatIdleMs;
    sessions.push({
      ...own,
      ...ids,
      messageCount: lines.length,
      lastSeq: lines.length,
      lastMessageAt: at,
      createdAt: started,
      status: ended && pupil !== first ? 'completed' : 'active',
    });
  }
  await db.chatSessions.createMany(
    sessions.map((session) => ({
      ...session,
      completedAt: session.status === 'completed' ? session.lastMessageAt : null,
    })),
  );
  await db.messages.createMany(messages);
  await db.runs.createMany(runs);
}

/** What those calls used: the practice model counts about a token for every four letters, and costs nothing. */
export async function writeDemoUsage(db: Db, tenantId: TenantId): Promise<void> {
  await runSql(
    db,
    `insert into usage_entries (tenant_id, run_id, attempt, user_id, group_id, class_id, tool_id, tool_version_id,
       assignment_id, provider, model, reserved_tokens, reserved_micros, counted, prompt_tokens, completion_tokens,
       settled_at, created_at)
     select r.tenant_id, r.run_id, 1, r.user_id, c.group_id, r.class_id, s.tool_id, r.tool_version_id,
       s.assignment_id, 'practice', 'practice', 0, 0, '[]', 350 + length(q.text) / 4, length(a.text) / 4,
       r.finished_at, r.created_at
     from runs r
     join chat_sessions s on s.tenant_id = r.tenant_id and s.chat_session_id = r.chat_session_id
     join classes c on c.tenant_id = r.tenant_id and c.class_id = r.class_id
     join messages q on q.tenant_id = r.tenant_id and q.message_id = r.message_id
     join messages a on a.tenant_id = r.tenant_id and a.message_id = r.answer_message_id
     where r.tenant_id = $1`,
    [storedId(tenantId)],
  );
}
