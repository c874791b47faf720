import { readConfig } from '../../../backend/src/configs/config';
import { createLogger } from '../../../backend/src/lib/logger';
import { startServer } from '../../../backend/src/server';

/** One process of the product; ROLE says which. */
const config = readConfig({ ...process.env, PORT: '0', NODE_ENV: 'production' });
const { port } = await startServer(config, createLogger('warn'));
process.stdout.write(`listening http://127.0.0.1:${port}\n`);
