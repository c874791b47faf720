import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from 'better-auth/node';
import { type Auth, addressHeader } from './auth';

/** Hands a request to better-auth, with the address of the socket and not one that the caller made up. */
export async function handleAuth(auth: Auth, req: IncomingMessage, res: ServerResponse): Promise<void> {
  req.headers[addressHeader] = req.socket.remoteAddress ?? '';
  await toNodeHandler(auth)(req, res);
}
