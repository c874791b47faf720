import { z } from 'zod';
import { chatSessionId, chatSessionStatus, messageOutcome, runId, runStatus } from './chat.zod';
import { hookName, verdictOutcome } from './hook.zod';
import { richId } from './rich_id';
import { timestampNumber } from './timestamp';

/** `transcriptViewId` names the record of this look, so that one that is sent again is recorded once. */
export const ReplayInputZod = z.object({ transcriptViewId: richId('view'), chatSessionId });

const at = { at: timestampNumber };
/** One thing that happened, at its moment. What belongs to an answer names its run. */
const ReplayStepZod = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('began'), ...at }),
  z.object({
    kind: z.literal('question'),
    ...at,
    runId: runId.nullable(),
    seq: z.int(),
    text: z.string(),
    outcome: messageOutcome,
    /** it was written anew later */
    replaced: z.boolean(),
  }),
  z.object({
    kind: z.literal('verdict'),
    ...at,
    runId,
    attempt: z.int().nullable(),
    hook: hookName,
    module: z.string(),
    version: z.string(),
    outcome: verdictOutcome,
    calls: z.int(),
    /** all its calls together */
    ms: z.number(),
    reason: z.string().nullable(),
  }),
  z.object({ kind: z.literal('started'), ...at, runId, waitedMs: z.number(), attempts: z.int() }),
  z.object({
    kind: z.literal('prompt'),
    ...at,
    runId,
    attempt: z.int(),
    model: z.string().nullable(),
    /** null: for administrators only */
    sections: z.array(z.object({ heading: z.string(), text: z.string() })).nullable(),
    /** earlier messages that went with it */
    history: z.int(),
  }),
  z.object({ kind: z.literal('first_word'), ...at, runId, afterMs: z.number() }),
  z.object({
    kind: z.literal('answer'),
    ...at,
    runId,
    seq: z.int().nullable(),
    status: runStatus,
    /** null: no word of an answer was kept */
    text: z.string().nullable(),
    outcome: messageOutcome.nullable(),
    replaced: z.boolean(),
    provider: z.string().nullable(),
    model: z.string().nullable(),
    promptTokens: z.int().nullable(),
    completionTokens: z.int().nullable(),
    /** from the question to the end of the answer */
    tookMs: z.number(),
    errorCode: z.string().nullable(),
    errorMessage: z.string().nullable(),
  }),
  z.object({ kind: z.literal('ended'), ...at }),
]);
export type ReplayStep = z.infer<typeof ReplayStepZod>;

/** A session as it happened, for its teachers and administrators. */
export const ReplayZod = z.object({
  __type: z.literal('Replay'),
  chatSessionId,
  status: chatSessionStatus,
  person: z.string(),
  className: z.string().nullable(),
  assignment: z.string().nullable(),
  tool: z.string(),
  /** the version it was held with, whatever the tool has become since */
  version: z.string(),
  publishedAt: timestampNumber.nullable(),
  /** whether whoever asks may read what was held back, which leaves a record of its own */
  mayReadOriginals: z.boolean(),
  /** in the order in which they happened */
  steps: z.array(ReplayStepZod),
});
export type Replay = z.infer<typeof ReplayZod>;
