import { richId } from '@raptscallions/zod-schemas/rich_id';
import { APIError } from 'better-auth/api';
import { z } from 'zod';
import type { Db } from '../../db/db';
import { storedId } from '../../db/stored_id';

const deviceContext = z.enum(['personal', 'shared', 'unknown']);
type DeviceContext = z.infer<typeof deviceContext>;

/** By which a sign-in says whose device it is made on; better-auth drops what it does not know from the body. */
const deviceContextHeader = 'x-device-context';

/**
 * Asked when everything better-auth wants has been shown and a session is about to be made, whichever way in.
 * @throws APIError in the words for a wrong password when the person is not active; only who gave the right one
 *   learns that they are suspended
 */
export async function admitSession(
  db: Db,
  userId: string,
  headers: Headers | undefined,
): Promise<{ deviceContext: DeviceContext }> {
  const id = richId('user').safeParse(userId);
  const person = id.success
    ? await db.users.findByOptional({ userId: storedId(id.data) }).select('status')
    : undefined;
  if (person?.status === 'suspended') {
    throw new APIError('FORBIDDEN', {
      code: 'ACCOUNT_SUSPENDED',
      message: 'This account is suspended. Ask your school.',
    });
  }
  if (person?.status !== 'active') {
    throw new APIError('UNAUTHORIZED', {
      code: 'INVALID_EMAIL_OR_PASSWORD',
      message: 'Invalid email or password',
    });
  }
  // Whoever does not say gets the careful rules.
  return { deviceContext: deviceContext.catch('unknown').parse(headers?.get(deviceContextHeader)) };
}
