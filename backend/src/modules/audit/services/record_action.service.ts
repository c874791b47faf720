import { type AuditedAction, auditedActions } from '@raptscallions/zod-schemas/audit.zod';
import { idFromUuid, idPrefixes, newId, richId } from '@raptscallions/zod-schemas/rich_id';
import { commandLineUserId, type UserId, userId } from '@raptscallions/zod-schemas/user.zod';
import { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import type { CommandContext } from '../../../procedures/context';

const ids = z.union(idPrefixes.map((prefix) => richId(prefix)));
/** Words somebody typed have blanks or are long; choices of ours are neither. */
const choice = z.string().regex(/^[a-z_]{1,30}$/);
const DetailZod = z.union([ids, choice, z.number(), z.boolean(), z.null()]);
type Details = Record<string, z.output<typeof DetailZod>>;

/** Keys under which people write; what stands there is left out even where it looks like a choice of ours. */
const written = new Set([
  'name',
  'title',
  'subject',
  'text',
  'instructions',
  'yaml',
  'password',
  'email',
  'username',
  'schoolCode',
  'model',
]);

function detailsOf(input: unknown): Details {
  const fields = typeof input === 'object' && input !== null ? Object.entries(input) : [];
  return Object.fromEntries(
    fields.flatMap(([name, value]) => {
      const read = DetailZod.safeParse(value);
      return read.success && !written.has(name) ? [[name, read.data]] : [];
    }),
  );
}

/** Rows that are about one person, and how an input names them; the first that is named counts. */
const personalRows = [
  { prefix: 'chat', named: 'chatSessionId', table: 'chat_sessions', key: 'chat_session_id' },
  { prefix: 'run', named: 'runId', table: 'runs', key: 'run_id' },
  { prefix: 'note', named: 'messageNoteId', table: 'message_notes', key: 'message_note_id' },
  { prefix: 'classmember', named: 'classMemberId', table: 'class_members', key: 'class_member_id' },
  { prefix: 'groupmember', named: 'groupMemberId', table: 'group_members', key: 'group_member_id' },
] as const;

/** Whom a call made: of somebody invited there was no row before, and the input names nobody. */
function madeIn(answer: unknown): UserId | null {
  return z.object({ userId }).safeParse(answer).data?.userId ?? null;
}

/** Whom a call concerns, as the rows say before it changes them; null: nobody in particular. */
async function subjectOf({ db, tenantId }: CommandContext, details: Details): Promise<UserId | null> {
  const direct = userId.safeParse(details.userId);
  if (direct.success) return direct.data;
  for (const { prefix, named, table, key } of personalRows) {
    const { data } = richId(prefix).safeParse(details[named]);
    if (data === undefined) continue;
    const [row] = await runSql<{ user_id: string }>(
      db,
      `select user_id from ${table} where tenant_id = $1 and ${key} = $2`,
      [storedId(tenantId), storedId(data)],
    );
    return row ? idFromUuid('user', row.user_id) : null;
  }
  return null;
}

export function isAudited(path: string): path is AuditedAction {
  return Object.hasOwn(auditedActions, path);
}

/**
 * Does the work of a call and writes it into the audit log in the same transaction: what was refused or rolled
 * back is not in it. Of the input only ids, numbers and choices are kept.
 */
export async function recordAction<T>(
  ctx: CommandContext,
  {
    action,
    readInput,
    answerOf,
  }: {
    action: AuditedAction;
    readInput: () => Promise<unknown>;
    /** what the caller is told, out of what `work` returns */
    answerOf: (result: T) => unknown;
  },
  work: () => PromiseLike<T>,
): Promise<T> {
  const { db, tenantId, actor } = ctx;
  // Whoever was erased must not come back in the line that says so; the receipt has a hash.
  const details = action === 'privacy.erasePerson' ? {} : detailsOf(await readInput());
  const named = await subjectOf(ctx, details);
  const result = await work();
  const subjectUserId = named ?? (action === 'auth.invite' ? madeIn(answerOf(result)) : null);
  const byPerson = actor.userId !== commandLineUserId;
  await db.auditEntries.insert({
    tenantId,
    auditEntryId: newId('auditentry'),
    action,
    actorUserId: byPerson ? actor.userId : null,
    subjectUserId,
    details: byPerson ? details : { ...details, by: 'command_line' },
  });
  return result;
}
