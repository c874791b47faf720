import { richId } from '@raptscallions/zod-schemas/rich_id';
import { APIError } from 'better-auth/api';
import { z } from 'zod';
import type { Db } from '../../db/db';
import { storedId } from '../../db/stored_id';

const deviceContext = z.enum(['personal', 'shared', 'unknown']);
type DeviceContext = z.infer<typeof deviceContext>;

/** By which a sign-in says whose device it is made on; better-auth drops what it does not know from the body. */
const deviceContextHeader = 'x-device-context';
const deviceCookie = /(?:^|;\s*)rapt_device=(\w+)/;

/** Keeps what was said until the browser is back from a provider, with a request no page of ours has made. */
export function deviceCookieFor(headers: Headers, secure: boolean): string {
  const kind = deviceContext.catch('unknown').parse(headers.get(deviceContextHeader));
  return `rapt_device=${kind}; Max-Age=600; Path=/api/auth; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

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
  const said = headers?.get(deviceContextHeader) ?? deviceCookie.exec(headers?.get('cookie') ?? '')?.[1];
  return { deviceContext: deviceContext.catch('unknown').parse(said) };
}
