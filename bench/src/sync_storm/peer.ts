import fastify from 'fastify';
import pg from 'pg';
import { readConfig } from '../../../backend/src/configs/config';
import { connectDb } from '../../../backend/src/db/db';
import { storedId } from '../../../backend/src/db/stored_id';
import { createLogger } from '../../../backend/src/lib/logger';
import { createAuth } from '../../../backend/src/modules/auth/auth';
import { findSession } from '../../../backend/src/modules/auth/resolve_session';
import { readSessionCookie } from '../../../backend/src/modules/auth/session_cookie';

/** What an app without cursors does after an outage: everything the page needs, again, as JSON. */
const config = readConfig({ ...process.env, NODE_ENV: 'production' });
const systemDb = connectDb(config.DATABASE_URL, 'system', 10);
const secret = config.BETTER_AUTH_SECRET ?? '';
const auth = createAuth({ db: systemDb, config, secret, logger: createLogger('silent') });
const pool = new pg.Pool({ connectionString: config.DATABASE_URL, max: 20 });
const app = fastify();

const everythingSql = `
  with mine as (select class_id from class_members where tenant_id = $1 and user_id = $2)
  select
    (select json_agg(c) from classes c where c.tenant_id = $1 and c.class_id in (select class_id from mine)) as classes,
    (select json_agg(m) from class_members m where m.tenant_id = $1 and m.class_id in (select class_id from mine)) as members,
    (select json_agg(u) from users u where u.tenant_id = $1 and u.user_id in (
      select m.user_id from class_members m where m.tenant_id = $1 and m.class_id in (select class_id from mine))) as users,
    (select json_agg(a) from assignments a where a.tenant_id = $1 and a.class_id in (select class_id from mine)) as assignments`;

app.post('/everything', async (request, reply) => {
  const cookie = readSessionCookie(request.headers.cookie, secret);
  const signedIn = cookie && (await findSession(auth.db, cookie));
  if (!signedIn) return reply.code(401).send();
  const { rows } = await pool.query({
    name: 'everything',
    text: everythingSql,
    values: [storedId(signedIn.tenantId), storedId(signedIn.userId)],
  });
  // The end every reader of a storm waits for.
  return { ...rows[0], end: { kind: 'cursor' } };
});

const url = await app.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
process.stdout.write(`listening ${url}\n`);
