import { mayGivePassword } from '@raptscallions/policies/sign_in';
import type { ShowSignInInputZod, SignInCard } from '@raptscallions/zod-schemas/auth.zod';
import type { z } from 'zod';
import { storedId } from '../../../db/stored_id';
import type { CommandReadContext } from '../../../procedures/context';
import { withSignIn } from './with_sign_in.service';

/**
 * By what somebody signs in, for whoever may give them a password.
 * @throws AppError NOT_FOUND
 */
export async function showSignIn(
  { dbRO, tenantId, actor }: CommandReadContext,
  { userId }: z.output<typeof ShowSignInInputZod>,
): Promise<SignInCard> {
  const person = await withSignIn({ db: dbRO, tenantId, actor }, userId, mayGivePassword);
  const { name, status, email, username } = person;
  const { schoolCode } = await dbRO.tenants.find(storedId(tenantId));
  return { __type: 'SignInCard', userId, name, status, email, username, schoolCode };
}
