import { createServer } from 'node:http';
import { os } from '@orpc/server';
import { RPCHandler } from '@orpc/server/node';
import { EventPublisher } from '@orpc/shared';
import pg from 'pg';
import { readConfig } from '../../../backend/src/configs/config';
import { connectDb } from '../../../backend/src/db/db';
import { storedId } from '../../../backend/src/db/stored_id';
import { createLogger } from '../../../backend/src/lib/logger';
import { createAuth } from '../../../backend/src/modules/auth/auth';
import { findSession } from '../../../backend/src/modules/auth/resolve_session';
import { readSessionCookie } from '../../../backend/src/modules/auth/session_cookie';

/**
 * Live changes as one writes them with oRPC alone: a trigger notifies, every process listens, and an event
 * iterator for each stream yields what concerns its class. Nothing is resumed, and no right is looked at again.
 */
const config = readConfig({ ...process.env, NODE_ENV: 'production' });
const systemDb = connectDb(config.DATABASE_URL, 'system', 10);
const secret = config.BETTER_AUTH_SECRET ?? '';
const auth = createAuth({ db: systemDb, config, secret, logger: createLogger('silent') });
const pool = new pg.Pool({ connectionString: config.DATABASE_URL, max: 10 });
const changes = new EventPublisher<Record<string, object>>({ maxBufferedEvents: 1_000 });

const listener = new pg.Client({ connectionString: config.DATABASE_URL });
await listener.connect();
listener.on('notification', ({ payload }) => {
  const row: { class_id: string } = JSON.parse(payload ?? '{}');
  changes.publish(row.class_id, row);
});
await listener.query('listen bench_changes');

const router = {
  changes: os.$context<{ cookie: string | undefined }>().handler(async function* ({ context, signal }) {
    const cookie = readSessionCookie(context.cookie, secret);
    const signedIn = cookie && (await findSession(auth.db, cookie));
    if (!signedIn) throw new Error('nobody is signed in');
    const { rows } = await pool.query<{ class_id: string }>({
      name: 'class_of',
      text: 'select class_id from class_members where tenant_id = $1 and user_id = $2',
      values: [storedId(signedIn.tenantId), storedId(signedIn.userId)],
    });
    const following = changes.subscribe(rows[0]?.class_id ?? '', { signal });
    yield { kind: 'cursor' };
    for await (const row of following) yield { kind: 'rows', rows: [row] };
  }),
};

const handler = new RPCHandler(router);
const server = createServer((req, res) => {
  void handler.handle(req, res, { prefix: '/rpc', context: { cookie: req.headers.cookie } });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object')
    process.stdout.write(`listening http://127.0.0.1:${address.port}\n`);
});
