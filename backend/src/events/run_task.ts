import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import { inSpan, withTraceparent } from '../lib/trace_context';
import type { Claim, Outcome } from './claim_book';
import { PermanentTaskError } from './permanent_task_error';
import { abortGraceSeconds } from './retry_policy';
import { toStorableText } from './storable_text';
import type { Subscription } from './subscription';

const longestMessage = 300;

/** Why an attempt was aborted; the handler finds it as the reason of its signal. */
export class TaskAbortedError extends Error {
  override name = 'TaskAbortedError';

  constructor(readonly code: 'cancelled' | 'deadline_exceeded' | 'worker_stopped' | 'claim_lost') {
    super(`the task was aborted: ${code}`);
  }
}

/**
 * Runs one attempt and notes in the claim what became of it. Never throws: whatever a handler does is an
 * outcome. A handler that goes on in spite of its deadline loses its slot a little later; JavaScript cannot end
 * it, but its result will change nothing.
 */
export async function runTask(claim: Claim, subscription: Subscription): Promise<void> {
  const { signal } = claim.controller;
  claim.started = true;
  let giveUp: NodeJS.Timeout | undefined;
  const deadline = setTimeout(
    () => claim.controller.abort(new TaskAbortedError('deadline_exceeded')),
    subscription.deadlineSeconds * 1000,
  );
  const givenUp = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      giveUp = setTimeout(() => reject(signal.reason), abortGraceSeconds * 1000);
    });
  });
  const { traceparent } = claim.envelope.m;

  try {
    signal.throwIfAborted(); // cancelled between its claim and now
    const work = withTraceparent(traceparent, () =>
      inSpan(`task ${subscription.name}`, () =>
        subscription.handle({
          input: claim.envelope.v,
          taskId: idFromUuid('task', claim.taskUuid),
          attempt: claim.attempt,
          maxAttempts: claim.maxAttempts,
          signal,
          traceparent,
        }),
      ),
    );
    const output = await Promise.race([work, givenUp]);
    claim.outcome = { ok: true, output: toJson(output) };
  } catch (error) {
    // Whatever the handler made of being aborted, the reason for it is what counts.
    claim.outcome = toFailure(signal.aborted ? signal.reason : error);
  } finally {
    clearTimeout(deadline);
    clearTimeout(giveUp);
    // Nobody waits for it any more, and a rejection without a listener would end the process.
    givenUp.catch(() => {});
  }
}

function toJson(output: object | undefined): string | null {
  if (output === undefined) return null;
  try {
    return JSON.stringify(output, (_, value) => (typeof value === 'string' ? toStorableText(value) : value));
  } catch (cause) {
    throw new PermanentTaskError('output_not_storable', 'the output cannot be written as JSON', { cause });
  }
}

function toFailure(error: unknown): Outcome {
  if (!(error instanceof Error))
    return { ok: false, code: 'error', message: describe(String(error)), final: false };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return {
    ok: false,
    code: describe(code),
    message: describe(error.message),
    final: error instanceof PermanentTaskError,
  };
}

function describe(text: string): string {
  return toStorableText(text.slice(0, longestMessage));
}
