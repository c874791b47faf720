import { z } from 'zod';
import { assignmentId } from './assignment.zod';
import { runId } from './chat.zod';
import { classId } from './class.zod';
import { richId } from './rich_id';
import { timestampNumber, timestampsShape } from './timestamp';
import { toolId, toolVersionId } from './tool.zod';
import { userId } from './user.zod';

/** What is filled in, and what comes of it: JSON whose shape the tool's version says. */
export const jsonGroup = z.record(z.string().max(200), z.json());
export type JsonGroup = z.infer<typeof jsonGroup>;

/** Beyond this a browser's field and a model's context both end. */
const longestInput = 32_000;

/** What somebody filled in, with the result once there is one. How far it is stands in the run of the same id. */
export const ProductResultSelectAllZod = z.object({
  runId,
  userId,
  /** null: the author tries the tool */
  classId: classId.nullable(),
  assignmentId: assignmentId.nullable(),
  toolId,
  toolVersionId,
  input: jsonGroup,
  output: jsonGroup.nullable(),
  /** which kind of model wrote the output */
  provider: z.enum(['practice', 'gateway']).nullable(),
  /** the first answer did not have the right shape, and the model mended it */
  repaired: z.boolean(),
  /** its author put it away; teachers and retention keep it */
  hiddenAt: timestampNumber.nullable(),
  ...timestampsShape,
});
export type ProductResult = z.infer<typeof ProductResultSelectAllZod>;

/** `assignmentId` for a pupil's work; only `toolVersionId` when an author tries a tool. */
export const ProductRunInputZod = z.object({
  runId,
  assignmentId: assignmentId.nullable(),
  toolVersionId,
  input: jsonGroup.refine((input) => JSON.stringify(input).length <= longestInput, {
    error: 'This is too much to fill in at once: 32,000 characters at the most.',
  }),
});
export const ProductRetryInputZod = z.object({ runId });
export const ProductStopInputZod = z.object({ runId });
export const ProductHideInputZod = z.object({ runId, hidden: z.boolean() });
export const ProductViewRecordInputZod = z.object({
  productViewId: richId('productview'),
  runId,
  viewedAt: timestampNumber,
});
