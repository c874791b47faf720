import { type AuditedAction, auditedActions } from '@raptscallions/zod-schemas/audit.zod';
import { idPrefixes, newId, richId } from '@raptscallions/zod-schemas/rich_id';
import { commandLineUserId, userId } from '@raptscallions/zod-schemas/user.zod';
import { z } from 'zod';
import { stored } from '../../../db/stored_id';
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

/** Whom a call concerns, as the rows say before it changes them; null: nobody in particular. */
async function subjectOf({ db, tenantId }: CommandContext, details: Details) {
  const direct = userId.safeParse(details.userId);
  if (direct.success) return direct.data;
  const find = <P extends 'chat' | 'run' | 'note' | 'classmember' | 'groupmember'>(prefix: P, name: string) =>
    richId(prefix).safeParse(details[name]).data;
  const chatSessionId = find('chat', 'chatSessionId');
  if (chatSessionId) {
    const ofChat = db.chatSessions.includeDeleted().where(stored({ tenantId, chatSessionId }));
    return ofChat.getOptional('userId').then((found) => found ?? null);
  }
  const runId = find('run', 'runId');
  if (runId) {
    const ofRun = db.runs.includeDeleted().where(stored({ tenantId, runId }));
    return ofRun.getOptional('userId').then((found) => found ?? null);
  }
  const messageNoteId = find('note', 'messageNoteId');
  if (messageNoteId) {
    const ofNote = db.messageNotes.where(stored({ tenantId, messageNoteId }));
    return ofNote.getOptional('userId').then((found) => found ?? null);
  }
  const classMemberId = find('classmember', 'classMemberId');
  if (classMemberId) {
    const ofClass = db.classMembers.where(stored({ tenantId, classMemberId }));
    return ofClass.getOptional('userId').then((found) => found ?? null);
  }
  const groupMemberId = find('groupmember', 'groupMemberId');
  if (!groupMemberId) return null;
  const ofGroup = db.groupMembers.where(stored({ tenantId, groupMemberId }));
  return ofGroup.getOptional('userId').then((found) => found ?? null);
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
  { action, input }: { action: AuditedAction; input: Promise<unknown> },
  work: () => PromiseLike<T>,
): Promise<T> {
  const { db, tenantId, actor } = ctx;
  // Whoever was erased must not come back in the line that says so; the receipt has a hash.
  const details = action === 'privacy.erasePerson' ? {} : detailsOf(await input);
  const subjectUserId = await subjectOf(ctx, details);
  const result = await work();
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
