import { createServer } from 'node:http';
import { readConfig } from '../../../backend/src/configs/config';
import { connectDb } from '../../../backend/src/db/db';
import { createLogger } from '../../../backend/src/lib/logger';
import { Puller } from '../../../backend/src/modules/sync/services/pull.service';
import { StreamHub } from '../../../backend/src/modules/sync/stream_hub';
import { Tailer } from '../../../backend/src/modules/sync/tailer';

/** The protocol and nothing around it: who reads says so itself, and no sign-in is asked for. */
const { DATABASE_URL } = readConfig(process.env);
const db = connectDb(DATABASE_URL, 'app', 20);
const catchUpDb = connectDb(DATABASE_URL, 'catchUp', 8);
const logger = createLogger('warn');
const hub = new StreamHub({
  puller: new Puller(db, catchUpDb),
  chunks: { watch: () => {}, watchOnly: () => {}, unwatch: () => {}, forget: () => {} },
  readSignInEnds: async (ids) => new Map(ids.map((id) => [id, Date.now() + 3_600_000])),
  readOpenRuns: async () => new Map(),
  logger,
});
const tailer = new Tailer(
  DATABASE_URL,
  logger,
  () => hub.size,
  (tick) => hub.deliver(tick),
  () => hub.catchUpAll(),
  (epoch) => {
    hub.epoch = epoch;
  },
  () => {},
  () => {},
);
tailer.start();
const server = createServer(async (req, res) => {
  let text = '';
  for await (const part of req) text += part;
  const { tenantId, userId, syncClientId, cursor, scopes, streamId } = JSON.parse(text).json;
  const owner = {
    tenantId,
    userId,
    syncClientId,
    authSessionId: `authsession-${syncClientId.slice(7)}` as const,
  };
  await hub.open(owner, { streamId, cursor, scopes }, res);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  const address = server.address();
  if (address && typeof address === 'object')
    process.stdout.write(`listening http://127.0.0.1:${address.port}\n`);
});
