import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below those that systems give away for the asking: while a server is dead, between its kill and its successor,
 * nobody else's socket may come to stand at its address and be taken for it, or keep the successor from it.
 */
const ports = { from: 20_000, to: 32_000 };

/** A port for somebody who will be killed and has to come back to it, or who takes the next one as well. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = ports.from + Math.floor(Math.random() * (ports.to - ports.from));
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.close();
    if (isFree) {
      await once(server, 'close');
      return port;
    }
  }
}
