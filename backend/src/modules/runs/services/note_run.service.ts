import type { Run } from '@raptscallions/zod-schemas/chat.zod';
import type pg from 'pg';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { stored, storedId } from '../../../db/stored_id';
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

const keepSql = `
  insert into run_prompts (tenant_id, run_id, attempt, model, messages, created_at)
  values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000))
  on conflict (tenant_id, run_id, attempt) do update set model = excluded.model, messages = excluded.messages`;

/**
 * Keeps what was sent to the AI, for an administrator to inspect. The last of an attempt stands.
 * @param pool of the system role: a transaction in the tenant would cost four times as much
 */
export async function keepPrompt(
  pool: pg.Pool,
  { tenantId, runId, attempt }: Attempt,
  prompt: { model: string | undefined; messages: AiMessage[] },
): Promise<void> {
  // PostgreSQL stores no NUL, not even as an escape.
  const messages = JSON.stringify(prompt.messages).replaceAll('\\u0000', '');
  // When it was sent, and not when it is stored: the first word may come before that.
  const values = [storedId(tenantId), storedId(runId), attempt, prompt.model ?? null, messages, Date.now()];
  await pool.query({ name: 'keep_prompt', text: keepSql, values });
}
