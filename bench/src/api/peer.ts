import fastify from 'fastify';
import pg from 'pg';
import { readConfig } from '../../../backend/src/configs/config';
import { connectDb } from '../../../backend/src/db/db';
import { createLogger } from '../../../backend/src/lib/logger';
import { createAuth } from '../../../backend/src/modules/auth/auth';
import { findSession } from '../../../backend/src/modules/auth/resolve_session';
import { readSessionCookie } from '../../../backend/src/modules/auth/session_cookie';

/** The same rows with nothing around them but the session check: no wall, no rights, no schema for the answer. */
const config = readConfig(process.env);
const systemDb = connectDb(config.DATABASE_URL, 'system', 10);
const secret = config.BETTER_AUTH_SECRET ?? '';
const auth = createAuth({ db: systemDb, config, secret, logger: createLogger('silent') });
const pool = new pg.Pool({ connectionString: config.DATABASE_URL, max: 20 });
const app = fastify();

app.post('/classes', async (request, reply) => {
  const cookie = readSessionCookie(request.headers.cookie, secret);
  const signedIn = cookie && (await findSession(auth.db, cookie));
  if (!signedIn) return reply.code(401).send();
  const { rows } = await pool.query(
    `select class_id as "classId", group_id as "groupId", name, subject, created_at as "createdAt", updated_at as "updatedAt"
     from classes where deleted_at is null order by name, class_id limit 101`,
  );
  return { items: rows.slice(0, 100), cursor: null };
});

const url = await app.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`listening ${url}\n`);
