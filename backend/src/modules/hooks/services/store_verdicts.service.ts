import { createHash } from 'node:crypto';
import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import { type IdPrefix, idFromUuid, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import type { HookChain } from '../hook_chain';

/** What the verdicts are about. */
export type VerdictPlace = {
  tenantId: TenantId;
  /** null: about a session */
  run: { runId: RichId<'run'>; attempt: number } | null;
  chatSessionId: ChatSessionId | null;
  /** what was said about it is shown beside this message */
  messageId: RichId<'message'> | null;
  userId: UserId;
  classId: ClassId | null;
  toolVersionId: RichId<'toolversion'>;
};

/** The same thing said of the same thing has the same id, so that whatever is done twice leaves one row. */
function idOf<P extends IdPrefix>(prefix: P, parts: (string | number | null)[]): RichId<P> {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return idFromUuid(prefix, uuid);
}

/** Stores what the modules of a chain said and noted, in the open transaction. */
export async function storeVerdicts(db: Db, place: VerdictPlace, chain: HookChain): Promise<void> {
  const { tenantId, run, chatSessionId, messageId, userId, classId, toolVersionId } = place;
  const about = [run?.runId ?? null, chatSessionId, messageId];
  for (const verdict of chain.verdicts) {
    const hookVerdictId = idOf('verdict', [...about, run?.attempt ?? null, verdict.hook, verdict.module]);
    await db.hookVerdicts
      .create({
        tenantId,
        hookVerdictId,
        runId: run?.runId ?? null,
        attempt: run?.attempt ?? null,
        chatSessionId,
        messageId,
        classId,
        toolVersionId,
        ...verdict,
      })
      .onConflictDoNothing(['tenantId', 'hookVerdictId']);
  }
  // Of a form, which has no session, a note is about its run.
  const ofForm = chatSessionId === null ? (run?.runId ?? null) : null;
  if (!chatSessionId && !ofForm) return;
  for (const { hook, module, extraction } of chain.notes) {
    const { kind, label, severity, data } = extraction;
    // Without the attempt: what is noticed again is no news.
    const messageNoteId = idOf('note', [...about, hook, module, kind, label]);
    await db.messageNotes
      .create({
        tenantId,
        messageNoteId,
        chatSessionId,
        runId: ofForm,
        messageId,
        userId,
        classId,
        module,
        kind,
        severity,
        label,
        data,
      })
      .onConflictDoNothing(['tenantId', 'messageNoteId']);
  }
}
