import { defineEdit, type Edit } from '../../sync/edit';

const acknowledge = defineEdit('hooks.acknowledge', async (writer, { messageNoteId }, actor) => {
  const note = await writer.db.messageNotes.get(messageNoteId);
  if (!note || note.acknowledgedAt !== null) return;
  await writer.update('messageNotes', messageNoteId, {
    acknowledgedAt: actor.now,
    acknowledgedByUserId: actor.userId,
  });
});

export const noteEdits: Edit[] = [acknowledge];
