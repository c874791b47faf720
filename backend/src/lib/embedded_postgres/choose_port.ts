import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

/**
 * Chooses the server's port: the demanded one, else the one it had last time, else any free one.
 * @throws when the demanded port is taken
 */
export async function choosePort(clusterDir: string, demanded: number | undefined): Promise<number> {
  if (demanded !== undefined) {
    if (await listenBriefly(demanded)) return demanded;
    throw new Error(`Port ${demanded} on 127.0.0.1 is taken, so PostgreSQL cannot have it.`);
  }
  const remembered = readRememberedPort(clusterDir);
  const port = (remembered && (await listenBriefly(remembered))) || (await listenBriefly(0));
  if (!port) throw new Error('No port on 127.0.0.1 is free for PostgreSQL.');
  return port;
}

function readRememberedPort(clusterDir: string): number | undefined {
  try {
    const port = Number(readFileSync(path.join(clusterDir, 'port'), 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the port and gives it back at once; `undefined` when somebody else has it. */
function listenBriefly(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
