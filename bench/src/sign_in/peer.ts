import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import pg from 'pg';

/**
 * better-auth as it comes: its own tables, hashes and limiter, the counts in the database like ours. What is true of
 * the caller's address it is told in a header, as by a proxy that writes it anew.
 */
const { DATABASE_URL, PEOPLE = '1', PASSWORD = '', LIMITED } = process.env;
const owner = new pg.Pool({ connectionString: DATABASE_URL, max: 1 });
await owner.query('create schema if not exists peer');
await owner.end();
const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const auth = betterAuth({
  secret: 'a secret of the benchmark, long enough for anybody',
  baseURL: url,
  database: new pg.Pool({ connectionString: DATABASE_URL, options: '-c search_path=peer', max: 10 }),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: LIMITED === '1', storage: 'database' },
  advanced: { ipAddress: { ipAddressHeaders: ['x-client-address'] } },
  telemetry: { enabled: false },
  logger: { disabled: true },
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
const known = await auth.api
  .signInEmail({ body: { email: 'person0@bench.example', password: PASSWORD } })
  .catch(() => null);
for (let at = 0; !known && at < Number(PEOPLE); at++) {
  await auth.api.signUpEmail({
    body: { name: `Person ${at}`, email: `person${at}@bench.example`, password: PASSWORD },
  });
}
server.on('request', toNodeHandler(auth));
process.stdout.write(`listening ${url}\n`);
