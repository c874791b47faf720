import type { Run } from '@raptscallions/zod-schemas/chat.zod';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { stored } from '../../../db/stored_id';
import type { AiMessage } from '../../../lib/ai_gateway/ai_gateway';
import type { ClaimedRun } from './claim_run.service';

type Attempt = Pick<ClaimedRun, 'tenantId' | 'runId' | 'attempt'>;

/** Tells whoever waits for an answer what is happening; too late, it changes nothing. */
export async function noteForReader(
  db: Db,
  { tenantId, runId, attempt }: Attempt,
  notice: Exclude<Run['notice'], null>,
): Promise<void> {
  await enterTenant(db, tenantId, () =>
    db.runs.where({ ...stored({ tenantId, runId }), attempt, status: 'processing' }).update({ notice }),
  );
}

/** Keeps what was sent to the AI, for an administrator to inspect. The last of an attempt stands. */
export async function keepPrompt(
  db: Db,
  { tenantId, runId, attempt }: Attempt,
  prompt: { model: string | undefined; messages: AiMessage[] },
): Promise<void> {
  const sent = { model: prompt.model ?? null, messages: prompt.messages };
  await enterTenant(db, tenantId, () =>
    db.runPrompts
      .create({ tenantId, runId, attempt, ...sent })
      .onConflict(['tenantId', 'runId', 'attempt'])
      .merge(['model', 'messages']),
  );
}
