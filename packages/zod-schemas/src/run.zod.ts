import { z } from 'zod';
import { chatSessionId, runId, runKind, runStatus } from './chat.zod';
import { richId } from './rich_id';
import { timestampNumber } from './timestamp';

/** A first page, the newest first, or the cursor of the next one. */
export const ListRunsInputZod = z.union([
  z.object({ cursor: z.string().max(2_000) }),
  z.object({ limit: z.int().min(1).max(100).default(50), status: runStatus.optional() }),
]);

/** A run as an administrator sees it: who, what, how long, and nothing of what was written. */
export const RunSummaryZod = z.object({
  __type: z.literal('RunSummary'),
  runId,
  kind: runKind,
  /** null: of a form */
  chatSessionId: chatSessionId.nullable(),
  status: runStatus,
  person: z.string(),
  tool: z.string(),
  /** null: an author's trial */
  className: z.string().nullable(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  promptTokens: z.int().nullable(),
  completionTokens: z.int().nullable(),
  attempt: z.int(),
  errorCode: z.string().nullable(),
  createdAt: timestampNumber,
  firstTextAt: timestampNumber.nullable(),
  finishedAt: timestampNumber.nullable(),
});
export type RunSummary = z.infer<typeof RunSummaryZod>;

export const RunListZod = z.object({
  __type: z.literal('RunList'),
  items: z.array(RunSummaryZod),
  /** null: this was the last page */
  cursor: z.string().nullable(),
});

/** `runPromptViewId` names the record of this look, so that one that is sent again is recorded once. */
export const InspectPromptInputZod = z.object({ runPromptViewId: richId('promptview'), runId });

/** What was sent to the AI, word for word, for each attempt; none for a run that has not got so far. */
export const RunPromptZod = z.object({
  __type: z.literal('RunPrompt'),
  runId,
  attempts: z.array(
    z.object({
      attempt: z.int(),
      /** as it was asked for; null: the gateway's default, before each call named its model */
      model: z.string().nullable(),
      messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
      sentAt: timestampNumber,
    }),
  ),
});
export type RunPrompt = z.infer<typeof RunPromptZod>;

/** The released text of a run as it grows, for whoever may read the run. */
export const RunWatchInputZod = z.object({ runId });
export const RunChunkZod = z.object({
  __type: z.literal('RunChunk'),
  /** rises when another worker starts over; then the text begins anew */
  attempt: z.int(),
  seq: z.int(),
  text: z.string(),
});
