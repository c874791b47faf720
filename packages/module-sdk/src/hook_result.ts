import { ExtractionZod } from '@raptscallions/zod-schemas/hook.zod';
import { z } from 'zod';

/** In characters; nothing a chat holds is longer. */
const longestText = 100_000;
const longestSentence = 500;

const noted = {
  /** for the teachers of the chat; the pupil's browser never holds them */
  extractions: z.array(ExtractionZod).max(20).optional(),
  /** for the log only, which administrators read: why it was decided so */
  audit: z.record(z.string().max(60), z.json()).optional(),
};

/** What a deciding hook answers; nothing at all means: continue. Of an observing hook only what it noted counts. */
export const HookResultZod = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('continue'),
    modifications: z
      .strictObject({
        /** what the message, or the part of the answer, says from here on */
        text: z.string().max(longestText).optional(),
        /** before the AI: one more section of its instructions */
        prompt: z.string().max(4_000).optional(),
        /** product tools: what the form or the result holds from here on */
        data: z.record(z.string(), z.json()).optional(),
      })
      .optional(),
    /** before the AI: this is the answer, and the AI is not asked */
    directResponse: z.string().min(1).max(longestText).optional(),
    ...noted,
  }),
  z.strictObject({
    kind: z.literal('block'),
    /** for whoever wrote it: what to do now */
    reason: z.string().min(1).max(longestSentence).optional(),
    /** before the AI: the answer to the message that was held back */
    directResponse: z.string().min(1).max(longestText).optional(),
    ...noted,
  }),
]);
export type HookResult = z.output<typeof HookResultZod>;
/** as a module may write it, without what has a default */
export type HookAnswer = z.input<typeof HookResultZod>;
