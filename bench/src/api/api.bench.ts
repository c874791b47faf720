import path from 'node:path';
import autocannon from 'autocannon';
import { createBenchDatabase } from '../bench_database';
import { type Benchmark, median } from '../benchmark';
import { ServerProcess } from '../server_process';
import { seedClasses } from './seed_classes';

const rounds = 5;
const seconds = 4;
const connections = 16;

/** A list of 100 classes: our procedure (session, tenant wall, rights read anew, policy) and the bare query. */
export const benchmark: Benchmark = {
  title: 'GET 100 classes: CPU of the server for each request, microseconds',
  peer: 'fastify and plain pg, behind the same session check',
  target: 0.66,
  lowerIsBetter: true,
  async measure() {
    const database = await createBenchDatabase();
    const servers: ServerProcess[] = [];
    try {
      const { cookie, secret } = await seedClasses(database.url);
      const env = { DATABASE_URL: database.url, BETTER_AUTH_SECRET: secret, LOG_LEVEL: 'silent' };
      const ours = await ServerProcess.start(path.join(import.meta.dirname, 'ours.ts'), env);
      servers.push(ours);
      const theirs = await ServerProcess.start(path.join(import.meta.dirname, 'peer.ts'), env);
      servers.push(theirs);
      const cost = { ours: [] as number[], theirs: [] as number[] };
      const rate = { ours: [] as number[], theirs: [] as number[] };
      for (let round = 0; round <= rounds; round++) {
        for (const [name, server] of [
          ['ours', ours],
          ['theirs', theirs],
        ] as const) {
          const before = server.cpuMicroseconds();
          const result = await autocannon({
            url: name === 'ours' ? `${server.url}/rpc/classes/list` : `${server.url}/classes`,
            method: 'POST',
            headers: { cookie, 'content-type': 'application/json' },
            body: name === 'ours' ? '{"json":{"limit":100}}' : '{"limit":100}',
            connections,
            duration: seconds,
          });
          if (result.non2xx > 0 || result.errors > 0)
            throw new Error(`${name}: ${result.non2xx + result.errors} failed calls`);
          // The first round warms both up.
          if (round === 0) continue;
          cost[name].push((server.cpuMicroseconds() - before) / result.requests.total);
          rate[name].push(result.requests.average);
        }
      }
      const [mine, peer] = [Math.round(median(cost.ours)), Math.round(median(cost.theirs))];
      return {
        rows: [
          { server: 'ours', 'CPU µs/request': mine, 'requests/s': Math.round(median(rate.ours)) },
          { server: 'peer', 'CPU µs/request': peer, 'requests/s': Math.round(median(rate.theirs)) },
        ],
        ours: mine,
        theirs: peer,
      };
    } finally {
      for (const server of servers) await server.stop();
      await database.drop();
    }
  },
};
