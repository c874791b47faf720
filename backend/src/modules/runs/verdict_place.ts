import type { VerdictPlace } from '../hooks/services/store_verdicts.service';
import type { ClaimedRun } from './services/claim_run.service';

/** What the verdicts on a run are about: its question. */
export function verdictPlace(claimed: ClaimedRun): VerdictPlace {
  const { tenantId, runId, attempt, chatSessionId, messageId, userId, classId, toolVersionId } = claimed;
  return { tenantId, run: { runId, attempt }, chatSessionId, messageId, userId, classId, toolVersionId };
}
