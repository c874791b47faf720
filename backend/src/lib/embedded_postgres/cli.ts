import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start_embedded_postgres';

/**
 * Keeps the embedded PostgreSQL for the launcher, which runs before any dependency is installed and so speaks
 * to it through pipes only. Each time the server is up, one line of JSON goes to standard output:
 * `{ databaseUrl, port, clusterDir, adopted, again }`. The end of standard input, which also comes when the
 * launcher is killed, stops the server and nothing else does. One that dies by itself is started again on its port.
 */
async function keepEmbeddedPostgres(): Promise<void> {
  const { values } = parseArgs({
    options: { 'data-dir': { type: 'string' }, 'create-databases': { type: 'boolean', default: false } },
  });
  const dataDir = values['data-dir'];
  if (dataDir === undefined) throw new Error('Say where the data is: --data-dir <folder>');

  // A terminal sends Ctrl-C, and a service manager SIGTERM, to everybody at once, but the server has to outlive
  // the application: the launcher says when, by closing the pipe.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const asked = new Promise<'asked'>((resolve) => {
    createInterface({ input: process.stdin }).once('close', () => resolve('asked'));
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

// Not left to the event loop: a connection that hangs must not keep the process.
keepEmbeddedPostgres().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
