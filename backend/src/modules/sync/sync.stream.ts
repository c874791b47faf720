import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { SyncStreamInputZod } from '@raptscallions/zod-schemas/sync.zod';
import { z } from 'zod';
import { AppError } from '../../lib/app_error';
import { checkVersion } from './check_version';
import type { StreamOwner } from './stream_connection';
import type { StreamHub } from './stream_hub';

const BodyZod = z.object({ json: SyncStreamInputZod });

/**
 * Answers `POST /rpc/sync/stream` with the frames of `sync.stream`, in the form an oRPC client reads, but as
 * bytes that are made once for all who get them.
 * @param readBody begins once it is known who asks: nobody in particular must not fill our memory
 * @throws AppError UNAUTHORIZED, BAD_REQUEST
 */
export async function openStream(
  findSession: (headers: IncomingHttpHeaders) => Promise<Omit<StreamOwner, 'syncClientId'> | null>,
  hub: StreamHub,
  req: IncomingMessage,
  res: ServerResponse,
  readBody: () => Promise<unknown>,
): Promise<void> {
  const signedIn = await findSession(req.headers);
  if (!signedIn) throw new AppError('UNAUTHORIZED');
  checkVersion(req.headers);
  const read = BodyZod.safeParse(await readBody());
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new AppError('BAD_REQUEST', `${issue?.path.slice(1).join('.')}: ${issue?.message}`);
  }
  const { streamId, cursor, scopes, syncClientId } = read.data.json;
  const { tenantId, userId, authSessionId } = signedIn;
  const owner = { tenantId, userId, authSessionId, syncClientId };
  await hub.open(owner, { streamId, cursor, scopes }, res);
}
