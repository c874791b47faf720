import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { createTestDatabase } from './database';

/** A test database, and a way to it that can fall silent. `url` leads there straight. */
export async function createSilentDatabase() {
  const database = await createTestDatabase();
  const network = await openSilentNetwork(database.url);
  return {
    url: database.url,
    network,
    drop: async () => {
      await network.close();
      await database.drop();
    },
  };
}

/**
 * A way to a database that can fall silent, as when a cable is pulled: what is sent is lost, and nobody is told. It
 * can also be cut, as when the database ends, and everybody notices.
 * @param databaseUrl where it leads to
 */
async function openSilentNetwork(databaseUrl: string) {
  const there = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let silent = false;
  let held = false;
  const server = createServer((near) => {
    const far = connect(Number(there.port), there.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => silent || to.write(bytes));
      if (held) from.pause();
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        if (!silent) to.destroy();
      });
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const here = new URL(databaseUrl);
  here.hostname = '127.0.0.1';
  here.port = String((server.address() as AddressInfo).port);
  return {
    url: String(here),
    silence: () => {
      silent = true;
    },
    /** New connections pass again; the old ones stay as dead as they were. */
    mend: () => {
      for (const socket of sockets) socket.removeAllListeners('data');
      silent = false;
    },
    /** As when the server is paused: what is sent waits, and arrives when it goes on. */
    pause: () => {
      held = true;
      for (const socket of sockets) socket.pause();
    },
    goOn: () => {
      held = false;
      for (const socket of sockets) socket.resume();
    },
    /** Whoever is connected is cut off, and nobody else gets in. */
    cut: async () => {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    restore: () =>
      new Promise<void>((listening) => {
        server.listen(Number(here.port), '127.0.0.1', listening);
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
