import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start_embedded_postgres';

/**
 * Keeps the embedded PostgreSQL for the launcher, which runs before any dependency is installed and so speaks
 * to it through pipes only. Each time the server is up, one line of JSON goes to standard output:
 * `{ databaseUrl, port, clusterDir, adopted, again }`. The end of standard input, which also comes when the
 * launcher is killed, or SIGTERM stops the server. A server that dies by itself is started again on its port.
 */
async function keepEmbeddedPostgres(): Promise<void> {
  const { values } = parseArgs({
    options: { 'data-dir': { type: 'string' }, 'create-databases': { type: 'boolean', default: false } },
  });
  const dataDir = values['data-dir'];
  if (dataDir === undefined) throw new Error('Say where the data is: --data-dir <folder>');

  // The terminal sends Ctrl-C and its own closing to everybody at once, but the server has to outlive the
  // application: the launcher says when.
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  const asked = new Promise<'asked'>((resolve) => {
    createInterface({ input: process.stdin }).once('close', () => resolve('asked'));
    process.once('SIGTERM', () => resolve('asked'));
  });

  let server: EmbeddedPostgres | undefined;
  do {
    const again = server !== undefined;
    server = await startEmbeddedPostgres({
      dataDir,
      port: server?.port,
      canCreateDatabases: values['create-databases'],
    });
    const { databaseUrl, port, clusterDir, adopted } = server;
    process.stdout.write(`${JSON.stringify({ databaseUrl, port, clusterDir, adopted, again })}\n`);
  } while ((await Promise.race([asked, server.gone])) !== 'asked');
  await server.stop();
}

// Standard input may still be open after SIGTERM and would keep the process.
keepEmbeddedPostgres().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
