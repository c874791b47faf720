import path from 'node:path';
import { startEmbeddedPostgres } from './start_embedded_postgres';

/** Work with the database of this installation: the one of DATABASE_URL, else its own, which is started for it. */
export async function withDatabase<T>(work: (databaseUrl: string) => Promise<T>): Promise<T> {
  const { DATABASE_URL, RAPT_DATA_DIR } = process.env;
  if (DATABASE_URL) return work(DATABASE_URL);
  const dataDir = RAPT_DATA_DIR ?? path.resolve(import.meta.dirname, '../../../../.data');
  const embedded = await startEmbeddedPostgres({ dataDir });
  try {
    return await work(embedded.databaseUrl);
  } finally {
    await embedded.stop();
  }
}
