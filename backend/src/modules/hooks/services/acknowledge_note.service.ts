import { abilityFor, may } from '@raptscallions/policies/ability';
import type { NoteAcknowledgeInputZod } from '@raptscallions/zod-schemas/hook.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';

/**
 * Takes on what a module noted, for all who teach the class. Who was first stays; later is done already.
 * @throws AppError NOT_FOUND also for a note of a class the actor does not teach
 */
export async function acknowledgeNote(
  { db, tenantId, actor }: TenantContext,
  { messageNoteId }: z.output<typeof NoteAcknowledgeInputZod>,
): Promise<void> {
  const ids = stored({ tenantId, messageNoteId });
  const note = await db.messageNotes.findByOptional(ids);
  if (!note || !may(abilityFor(actor), 'update', 'MessageNote', note)) throw new AppError('NOT_FOUND');
  await db.messageNotes
    .where({ ...ids, acknowledgedAt: null })
    .update({ acknowledgedAt: Date.now(), acknowledgedByUserId: actor.userId });
}
