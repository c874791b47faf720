import type { Run } from '@raptscallions/zod-schemas/chat.zod';
import type { EditWriter } from '../../sync/edit';

/** Of a run that has been asked for and of which the server does not know yet. */
export const waitingRun = {
  status: 'pending',
  attempt: 0,
  continues: false,
  notice: null,
  errorCode: null,
  errorMessage: null,
  startedAt: null,
  finishedAt: null,
} as const;

/** Lets a run that came to nothing wait again. */
export async function putBackRun(writer: EditWriter, runId: Run['runId']): Promise<void> {
  const run = await writer.db.runs.get(runId);
  // Laid over a server row that is under way again already, it must not put it back to waiting.
  if (!run || run.status === 'pending' || run.status === 'processing') return;
  await writer.update('runs', runId, { status: 'pending', errorCode: null, errorMessage: null });
}
