import type { Run } from '@raptscallions/zod-schemas/chat.zod';
import type pg from 'pg';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { stored, storedId } from '../../../db/stored_id';
import type { AiMessage, AiNotice } from '../../../lib/ai_gateway/ai_gateway';
import type { ClaimedRun } from './claim_run.service';
import type { RunTools } from './perform_run.service';

type Attempt = Pick<ClaimedRun, 'tenantId' | 'runId' | 'attempt'>;
type Prompt = { model: string | undefined; messages: AiMessage[] };

/** Tells whoever waits for an answer what is happening; too late, it changes nothing. */
async function noteForReader(
  db: Db,
  { tenantId, runId, attempt }: Attempt,
  notice: Exclude<Run['notice'], null>,
): Promise<void> {
  await enterTenant(db, tenantId, () =>
    db.runs.where({ ...stored({ tenantId, runId }), attempt, status: 'processing' }).update({ notice }),
  );
}

const keepSql = `
  insert into run_prompts (tenant_id, run_id, attempt, model, messages, created_at)
  values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000))
  on conflict (tenant_id, run_id, attempt) do update set model = excluded.model, messages = excluded.messages`;

/**
 * Keeps what was sent to the AI, for an administrator to inspect. The last of an attempt stands.
 * @param pool of the system role: a transaction in the tenant would cost four times as much
 */
async function keepPrompt(
  pool: pg.Pool,
  { tenantId, runId, attempt }: Attempt,
  prompt: Prompt,
): Promise<void> {
  // PostgreSQL stores no NUL, not even as an escape.
  const messages = JSON.stringify(prompt.messages).replaceAll('\\u0000', '');
  // When it was sent, and not when it is stored: the first word may come before that.
  const values = [storedId(tenantId), storedId(runId), attempt, prompt.model ?? null, messages, Date.now()];
  await pool.query({ name: 'keep_prompt', text: keepSql, values });
}

/**
 * Notes what goes to the AI, beside the call: nobody waits for a word longer because of a copy.
 * @returns `kept`, to be waited for when the call is over; it never rejects
 */
export function noteCall(
  { db, notePool, logger }: Pick<RunTools, 'db' | 'notePool' | 'logger'>,
  attempt: Attempt,
  prompt: Prompt,
): { kept: Promise<void>; onNotice: (notice: AiNotice) => void } {
  const report = (what: string) => (error: unknown) =>
    logger.warn({ err: error, runId: attempt.runId }, what);
  return {
    kept: keepPrompt(notePool, attempt, prompt).catch(report('a prompt was not kept')),
    onNotice: ({ kind }) => {
      noteForReader(db, attempt, kind === 'retry' ? 'retrying' : kind).catch(
        report('a notice was not shown'),
      );
    },
  };
}
