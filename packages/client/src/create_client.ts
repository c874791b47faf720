import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { RouterClient } from '@orpc/server';
import type { UserAppRouter } from '@raptscallions/backend/user_app';

export type Client = RouterClient<UserAppRouter>;

export type SignIn = { email: string; password: string };

/** Thrown when the server would not let somebody in; the message is a sentence for a person. */
export class SignInError extends Error {
  override name = 'SignInError';
}

/**
 * Signs in and gives the typed client of everything the web app can call.
 * @param url where the installation is, for instance `https://learn.school.example`
 * @throws SignInError for wrong credentials; the network's own error when there is no answer
 */
export async function createClient(url: string, { email, password }: SignIn): Promise<Client> {
  const { origin } = new URL(url);
  const answer = await fetch(`${origin}/api/auth/sign-in/email`, {
    method: 'POST',
    // A program has no page it comes from, so it says the installation's own.
    // It runs where its owner does, and nobody else sits down at it.
    headers: { 'content-type': 'application/json', origin, 'x-device-context': 'personal' },
    body: JSON.stringify({ email, password, rememberMe: true }),
  });
  if (!answer.ok) throw new SignInError(await readError(answer));
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  return createORPCClient<Client>(new RPCLink({ url: `${origin}/rpc`, headers: { cookie, origin } }));
}

async function readError(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => null);
  const said = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
  return typeof said === 'string' ? said : `The server answered ${answer.status}.`;
}
