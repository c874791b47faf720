import { mkdirSync } from 'node:fs';
import { startEmbeddedPostgres } from '../lib/embedded_postgres/start_embedded_postgres';
import { run } from './db_script';

/** `yarn db g <name>`, `yarn db up`, `yarn db seed` against DATABASE_URL, else the embedded server. */
const dataDir = process.env.RAPT_DATA_DIR ?? '../.data';
const embedded = process.env.DATABASE_URL ? null : await startEmbeddedPostgres({ dataDir });
if (embedded) mkdirSync(dataDir, { recursive: true });
const databaseURL = process.env.DATABASE_URL ?? embedded?.databaseUrl;
process.env.DATABASE_URL = databaseURL;
try {
  await run({ databaseURL }, process.argv.slice(2));
} finally {
  await embedded?.stop();
}
