import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { SyncPullInputZod } from '@raptscallions/zod-schemas/sync.zod';
import { z } from 'zod';
import { AppError } from '../../lib/app_error';
import { chooseEncoding } from '../../lib/choose_encoding';
import type { RequestContext } from '../../procedures/context';
import { checkVersion } from './check_version';

const BodyZod = z.object({ json: SyncPullInputZod });

/** Less gains nothing, and many answers are only a cursor. */
const compressFrom = 1_000;
const usualPiece = 16_384;
const compressors = {
  // Nearly as quick as gzip at its quickest, and a fifth smaller than gzip at its best: it looks back further.
  br: (text: Buffer) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  // One level more takes a third more time for 7 % fewer bytes. In one piece, or each would come and go by itself.
  gzip: (text: Buffer) =>
    promisify(gzip)(text, { level: 4, chunkSize: Math.max(usualPiece, text.length >> 2) }),
};

/**
 * Answers `POST /rpc/sync/pull` as `sync.pull` does, in the form an oRPC client reads, but with the text that
 * PostgreSQL has made: no row is parsed, checked and written anew on its way.
 * @param readBody begins once it is known who asks: nobody in particular must not fill our memory
 * @throws AppError UNAUTHORIZED, BAD_REQUEST, FORBIDDEN
 */
export async function answerPull(
  context: RequestContext,
  res: ServerResponse,
  readBody: () => Promise<unknown>,
): Promise<void> {
  const { app, headers, setCookie } = context;
  const signedIn = await app.resolveSession(headers, setCookie);
  if (!signedIn) throw new AppError('UNAUTHORIZED');
  checkVersion(headers);
  const read = BodyZod.safeParse(await readBody());
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new AppError('BAD_REQUEST', `${issue?.path.slice(1).join('.')}: ${issue?.message}`);
  }
  const { tenantId, userId } = signedIn;
  const partSize = app.config.SYNC_PART_ENTRIES;
  const page = await app.puller.pullText({ ...read.data.json, tenantId, userId, partSize });
  const text = Buffer.from(`{"json":${page}}`);
  const encoding = text.length < compressFrom ? null : chooseEncoding(headers);
  const bytes = encoding ? await compressors[encoding](text) : text;
  res.writeHead(200, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    vary: 'accept-encoding',
    'content-length': bytes.length,
    ...(encoding && { 'content-encoding': encoding }),
  });
  res.end(bytes);
}
