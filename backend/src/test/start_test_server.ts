import { ConfigZod } from '../configs/config';
import { connectDb } from '../db/db';
import { createLogger, type Logger } from '../lib/logger';
import { startServer } from '../server';
import { createTestDatabase } from './database';

/**
 * The whole server with the demo school, on a port and a database of its own.
 * @param settings environment of the test beside what every test needs
 */
export async function startTestServer(
  settings: Record<string, string> = {},
  logger: Logger = createLogger('silent'),
) {
  const database = await createTestDatabase();
  const config = ConfigZod.parse({
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    PORT: '0',
    BETTER_AUTH_SECRET: 'a secret of the tests, long enough for anybody',
    ...settings,
  });
  const server = await startServer(config, logger);
  const system = connectDb(database.url, 'system', 2);
  return {
    url: `http://127.0.0.1:${server.port}`,
    databaseUrl: database.url,
    /** sees every tenant */
    system,
    async close(): Promise<void> {
      await system.$close();
      await server.stop();
      await database.drop();
    },
  };
}
