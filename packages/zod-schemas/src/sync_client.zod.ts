import { z } from 'zod';
import { errorCode } from './error.zod';
import { richId } from './rich_id';
import { timestampsShape } from './timestamp';
import { userId } from './user.zod';

/** One browser profile of one user; it numbers its own mutations from 1. */
export const syncClientId = richId('device');
export type SyncClientId = z.infer<typeof syncClientId>;

/**
 * `lastMid` reaches the browser as an ordinary synced row, in the same snapshot as what the mutation wrote:
 * that is how a mutation is acknowledged.
 */
export const SyncClientSelectAllZod = z.object({
  syncClientId,
  userId,
  lastMid: z.int().nonnegative(),
  ...timestampsShape,
});
export type SyncClient = z.infer<typeof SyncClientSelectAllZod>;

/** A mutation the server would not do, with the sentence that says why. */
export const SyncRefusalSelectAllZod = z.object({
  syncRefusalId: richId('refusal'),
  syncClientId,
  mid: z.int().positive(),
  name: z.string(),
  code: errorCode,
  message: z.string(),
  details: z.unknown(),
  ...timestampsShape,
});
export type SyncRefusal = z.infer<typeof SyncRefusalSelectAllZod>;
