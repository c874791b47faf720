import type { IncomingMessage, ServerResponse } from 'node:http';
import { mostRosterParts, rosterPartBytes, rosterRunId } from '@raptscallions/zod-schemas/roster.zod';
import { z } from 'zod';
import { enterTenant } from '../../db/enter_tenant';
import { AppError } from '../../lib/app_error';
import type { App } from '../../procedures/context';
import { storeRosterPart } from './services/upload_roster.service';

const QueryZod = z.object({
  run: rosterRunId,
  part: z.coerce
    .number()
    .int()
    .min(0)
    .max(mostRosterParts - 1),
});

/**
 * Answers `POST /rpc/rosters/upload?run=…&part=…` whose body is that part of the file: bytes as they are, which
 * the procedures' JSON would double.
 * @throws AppError UNAUTHORIZED, BAD_REQUEST, PAYLOAD_TOO_LARGE, and what `storeRosterPart` throws
 */
export async function receiveRosterPart(app: App, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const signedIn = await app.resolveSession(req.headers);
  if (!signedIn) throw new AppError('UNAUTHORIZED');
  const { searchParams } = new URL(req.url ?? '', 'http://localhost');
  const query = QueryZod.safeParse(Object.fromEntries(searchParams));
  if (!query.success) throw new AppError('BAD_REQUEST', 'Say which run and which part this is.');
  const bytes = await readPart(req);
  const { tenantId, actor } = signedIn;
  await enterTenant(
    app.db,
    tenantId,
    () => storeRosterPart({ db: app.db, tenantId, actor }, query.data.run, query.data.part, bytes),
    { statementMs: app.config.DATABASE_STATEMENT_TIMEOUT_MS },
  );
  res.writeHead(204).end();
}

async function readPart(req: IncomingMessage): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > rosterPartBytes) throw new AppError('PAYLOAD_TOO_LARGE');
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of req) {
    size += part.length;
    // Read to its end all the same: to stop here would cut the line before the answer.
    if (size <= rosterPartBytes) parts.push(part);
  }
  if (size > rosterPartBytes) throw new AppError('PAYLOAD_TOO_LARGE');
  if (size === 0) throw new AppError('BAD_REQUEST', 'This part of the file is empty.');
  return Buffer.concat(parts, size);
}
