import { z } from 'zod';
import { richId } from './rich_id';
import { timestampsShape } from './timestamp';

export const userId = richId('user');
export type UserId = z.infer<typeof userId>;

/** Whoever works at the machine itself: an actor, but nobody among the users. */
export const commandLineUserId: UserId = 'user-00000000000000000000000001';

export const userStatus = z.enum(['active', 'suspended', 'pending_verification']);

export const longestName = 100;
export const UserMandatoryZod = z.object({ name: z.string().trim().min(1).max(longestName) });
export const UserOptionalZod = z.object({ status: userStatus });
export const UserSelectAllZod = z.object({
  userId,
  ...UserMandatoryZod.shape,
  ...UserOptionalZod.shape,
  ...timestampsShape,
});
export type User = z.infer<typeof UserSelectAllZod>;

/** How to reach a person: a row of its own, since classmates see the name but never the address. */
export const UserContactOptionalZod = z.object({
  email: z.email().max(255).nullable(),
  username: z.string().max(100).nullable(),
});
export const UserContactSelectAllZod = z.object({
  userId,
  ...UserContactOptionalZod.shape,
  ...timestampsShape,
});
export type UserContact = z.infer<typeof UserContactSelectAllZod>;
