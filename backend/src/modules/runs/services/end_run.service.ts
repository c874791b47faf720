import { stored } from '../../../db/stored_id';
import { observeHookTask } from '../../hooks/hooks.event';
import { storeVerdicts } from '../../hooks/services/store_verdicts.service';
import { verdictPlace } from '../verdict_place';
import type { ClaimedProduct, ClaimedRun } from './claim_run.service';
import { finishRun, type RunEnd } from './finish_run.service';
import type { RunTools } from './perform_run.service';

/**
 * Ends a run that modules have read along in: with its end stand what they said and noted, and those that only
 * look are told.
 * @param also what else belongs to that end
 * @returns false when it was too late
 */
export function endRun(
  { db, enqueue }: Pick<RunTools, 'db' | 'enqueue'>,
  claimed: ClaimedRun,
  end: RunEnd,
  also: () => Promise<void> = async () => {},
): Promise<boolean> {
  const { tenantId, runId, chatSessionId, hooks } = claimed;
  return finishRun(db, claimed, end, async () => {
    await also();
    await storeVerdicts(db, verdictPlace(claimed), hooks);
    const about = { tenantId, chatSessionId, runId };
    if (end.text !== '' && end.outcome !== 'blocked' && hooks.has('chat:on_message')) {
      const { answerMessageId } = await db.runs.findBy(stored({ tenantId, runId }));
      await enqueue(observeHookTask, { ...about, hook: 'chat:on_message', messageId: answerMessageId });
    }
    await tellOfEnd({ enqueue }, claimed);
  });
}

/** Tells the modules that want to know of it that a run has ended, in the transaction in which it does. */
export async function tellOfEnd(
  { enqueue }: Pick<RunTools, 'enqueue'>,
  { tenantId, chatSessionId, runId, hooks }: ClaimedRun | ClaimedProduct,
): Promise<void> {
  if (!hooks.has('run:complete')) return;
  const about = { tenantId, hook: 'run:complete', chatSessionId, runId, messageId: null } as const;
  await enqueue(observeHookTask, about);
}
