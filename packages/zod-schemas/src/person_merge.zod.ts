import { z } from 'zod';
import { groupRole } from './group.zod';
import { userId } from './user.zod';

/** Which of two accounts of one person stays, and which is closed. */
export const MergePeopleInputZod = z
  .object({ userId, duplicateUserId: userId })
  .refine(({ userId, duplicateUserId }) => userId !== duplicateUserId, {
    message: 'Choose two different people.',
  });

/** What the two have in common or each their own way, and what becomes of it. */
export const mergeConflict = z.discriminatedUnion('kind', [
  /** both are in it; the role with more rights stays */
  z.object({ kind: z.enum(['class', 'group']), name: z.string(), kept: groupRole, duplicate: groupRole }),
  /** both have one; that of the account that stays stays, and the other becomes free */
  z.object({ kind: z.literal('email'), kept: z.string(), duplicate: z.string() }),
  z.object({ kind: z.literal('username'), kept: z.string(), duplicate: z.string() }),
  z.object({ kind: z.literal('password') }),
]);
export type MergeConflict = z.infer<typeof mergeConflict>;

/** What a merge moves, or has moved, from the account that is closed to the one that stays. */
export const PersonMergeZod = z.object({
  __type: z.literal('PersonMerge'),
  userId,
  duplicateUserId: userId,
  /** how many of what, only where there are any */
  moves: z.record(z.string(), z.number()),
  conflicts: z.array(mergeConflict),
  /** why it cannot be done now; null: it can */
  blockedBecause: z.string().nullable(),
});
export type PersonMerge = z.infer<typeof PersonMergeZod>;
