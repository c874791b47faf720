import type { IncomingHttpHeaders } from 'node:http';
import { richId } from '@raptscallions/zod-schemas/rich_id';
import { fromNodeHeaders } from 'better-auth/node';
import { z } from 'zod';
import type { SignedIn } from '../../procedures/context';
import type { Auth } from './auth';

const FoundZod = z.object({
  session: z.object({ id: richId('authsession'), createdAt: z.date() }),
  user: z.object({ id: richId('user'), tenantId: richId('tenant'), name: z.string() }),
});

/** However often it is extended, a sign-in ends some day. */
const absoluteMs = 90 * 86_400_000;

/** Whoever the cookie stands for, or null. Asked of the database every time: a revoked session is over at once. */
export async function resolveSession(auth: Auth, headers: IncomingHttpHeaders): Promise<SignedIn | null> {
  if (!headers.cookie?.includes('rapt_session')) return null;
  const found = FoundZod.safeParse(await auth.api.getSession({ headers: fromNodeHeaders(headers) }));
  if (!found.success) return null;
  const { session, user } = found.data;
  const signedInAt = session.createdAt.getTime();
  if (Date.now() - signedInAt > absoluteMs) return null;
  return { userId: user.id, tenantId: user.tenantId, authSessionId: session.id, name: user.name, signedInAt };
}
