import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { connectDb } from '../../../backend/src/db/db';
import { migrate } from '../../../backend/src/db/migrate';
import { createUser } from '../../../backend/src/modules/auth/services/create_user.service';
import { createBenchDatabase } from '../bench_database';
import { type Benchmark, median } from '../benchmark';
import { percentile } from '../percentile';
import { ServerProcess } from '../server_process';
import { type Door, inLanes, openAgent, tryDoor } from './door';
import { mannWhitney } from './mann_whitney';

/** `--long`: as many timings as the target is named for; else a tenth, which a difference of a few % still shows in. */
const long = process.argv.includes('--long');
const timings = long ? 2_000 : 200;
/** Fewer than the threads that hash. */
const timingLanes = 3;
const guesses = 10_000;
/** Whether they are answered or not: who guesses does not wait. */
const guessesPerSecond = 300;
const attackSockets = 50;
const calmSignIns = 100;
const classSize = 30;
const people = 100;
const password = 'a long password of the benchmark';

type Side = {
  name: string;
  start(limited: boolean): Promise<ServerProcess>;
  headers: Door['addressHeaders'];
};
type Figures = {
  calm: number[];
  attacked: number[];
  evaluated: number;
  attackSeconds: number;
  classIn: number;
  sameTime: number;
  unknownMs: number;
  wrongMs: number;
};

/**
 * The door under 10,000 guesses at one account, from addresses all over one network of 64 bits and with forged
 * headers, while somebody else signs in; a class behind one address; and whether time tells who has an account.
 * The guesses come from this process too, so both systems pay for them in the same way.
 */
export const benchmark: Benchmark = {
  title: `Signing in while ${guesses} guesses come in, ${guessesPerSecond} a second (p99, ms)`,
  peer: 'better-auth as it comes (scrypt, its limiter in the database), node:http',
  target: 1,
  lowerIsBetter: true,
  async measure() {
    const database = await createBenchDatabase();
    const secret = randomBytes(32).toString('hex');
    await migrate(database.url);
    await seed(database.url);
    const env = { DATABASE_URL: database.url, LOG_LEVEL: 'error' };
    const sides: Side[] = [
      {
        name: 'ours',
        start: (limited) =>
          ServerProcess.start(path.resolve(import.meta.dirname, '../run_latency/serve.ts'), {
            ...env,
            ROLE: 'api',
            BETTER_AUTH_SECRET: secret,
            TRUSTED_PROXIES: '1',
            ...(limited ? {} : { RATE_LIMIT_AUTH_MAX: '1000000' }),
          }),
        // What the caller forged stands first; the last is our own proxy's word.
        headers: (address) => ({
          'x-forwarded-for': `192.0.2.${Math.floor(Math.random() * 256)}, ${address}`,
        }),
      },
      {
        name: 'peer',
        start: (limited) =>
          ServerProcess.start(path.resolve(import.meta.dirname, 'peer.ts'), {
            ...env,
            PEOPLE: String(people),
            PASSWORD: password,
            LIMITED: limited ? '1' : '0',
          }),
        headers: (address) => ({ 'x-client-address': address }),
      },
    ];
    const figures = new Map<string, Figures>();
    try {
      for (const side of sides) figures.set(side.name, await measureSide(side));
    } finally {
      await database.drop();
    }
    const rows = [...figures].map(([system, one]) => ({
      system,
      'calm p50': round(median(one.calm)),
      'calm p99': round(percentile(one.calm, 0.99)),
      'attacked p50': round(median(one.attacked)),
      'attacked p99': round(percentile(one.attacked, 0.99)),
      'guesses looked at': one.evaluated,
      'in seconds': round(one.attackSeconds),
      [`in of ${classSize} at one address`]: one.classIn,
      'unknown ms': round(one.unknownMs),
      'wrong ms': round(one.wrongMs),
      [`same time, p (n=${timings})`]: Number(one.sameTime.toFixed(3)),
    }));
    const p99 = (name: string) => round(percentile(figures.get(name)?.attacked ?? [], 0.99));
    return { rows, ours: p99('ours'), theirs: p99('peer') };
  },
};

async function measureSide(side: Side): Promise<Figures> {
  const running: ServerProcess[] = [];
  const start = async (limited: boolean) => {
    const server = await side.start(limited);
    running.push(server);
    return server;
  };
  try {
    return await measureServers(side, start);
  } finally {
    await Promise.all(running.map((server) => server.stop()));
  }
}

async function measureServers(side: Side, start: Side['start']): Promise<Figures> {
  const limited = await start(true);
  const door: Door = { url: limited.url, addressHeaders: side.headers };
  const agent = openAgent(4);
  // Everybody from an address of their own, so that nobody's limit is somebody else's.
  const signIn = async (at: number, third: number) => {
    const email = `person${1 + (at % (people - 1))}@bench.example`;
    const address = `10.${third}.${Math.floor(at / 250)}.${1 + (at % 250)}`;
    const { status, ms } = await tryDoor(door, agent, { email, password, address });
    if (status !== 200) throw new Error(`${side.name} let nobody in: ${status}`);
    return ms;
  };
  for (let at = 0; at < 10; at++) await signIn(at, 1);
  const calm: number[] = [];
  for (let at = 0; at < calmSignIns; at++) calm.push(await signIn(at, 2));

  const statuses = new Map<number, number>();
  const attackers = openAgent(attackSockets);
  const begun = performance.now();
  let over = false;
  const guess = async (at: number) => {
    await sleep((at * 1_000) / guessesPerSecond);
    const address = `2001:db8:0:1:${(at % 65_536).toString(16)}::${(at % 9_973).toString(16)}`;
    const tried = { email: 'person0@bench.example', password: `guess ${at}`, address };
    const { status } = await tryDoor(door, attackers, tried);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  };
  const attack = Promise.all(Array.from({ length: guesses }, (_, at) => guess(at))).finally(() => {
    over = true;
  });
  const attacked: number[] = [];
  for (let at = 0; !over; at++) {
    attacked.push(await signIn(at, 3));
    await sleep(50);
  }
  await attack;
  // A server that breaks under guesses would look quick.
  for (const status of statuses.keys())
    if (status !== 401 && status !== 429) throw new Error(`${side.name} answered a guess with ${status}`);
  const attackSeconds = (performance.now() - begun) / 1_000;

  let classIn = 0;
  await inLanes(classSize, classSize, async (at) => {
    const pupil = { email: `person${1 + at}@bench.example`, address: '198.51.100.7' };
    const { status } = await tryDoor(door, agent, { ...pupil, password });
    if (status === 200) classIn++;
  });
  await limited.stop();

  const open = await start(false);
  const openDoor = { ...door, url: open.url };
  const times = { unknown: [] as number[], wrong: [] as number[] };
  // Both kinds take turns, so that whatever the machine does it does to both; the first are to warm up.
  const warmUp = 20;
  await inLanes(timings + warmUp, timingLanes, async (at) => {
    const kinds = at % 2 ? (['unknown', 'wrong'] as const) : (['wrong', 'unknown'] as const);
    for (const kind of kinds) {
      const email = `${kind === 'wrong' ? `person${at % people}` : `nobody${at}`}@bench.example`;
      const address = `10.9.${at >> 8}.${at & 255}`;
      const { status, ms } = await tryDoor(openDoor, agent, { email, password: `guess ${at}`, address });
      if (status !== 401) throw new Error(`${side.name} answered a wrong password with ${status}`);
      if (at >= warmUp) times[kind].push(ms);
    }
  });
  agent.destroy();
  attackers.destroy();
  return {
    calm,
    attacked,
    evaluated: statuses.get(401) ?? 0,
    attackSeconds,
    classIn,
    sameTime: mannWhitney(times.unknown, times.wrong),
    unknownMs: median(times.unknown),
    wrongMs: median(times.wrong),
  };
}

async function seed(databaseUrl: string): Promise<void> {
  const db = connectDb(databaseUrl, 'system', 4);
  const tenantId = newId('tenant');
  await db.tenants.create({ tenantId, name: 'Bench' });
  await inLanes(people, 4, async (at) => {
    const email = `person${at}@bench.example`;
    await createUser(db, { tenantId, name: `Person ${at}`, email, password, status: 'active' });
  });
  await db.$close();
}

const round = (value: number) => Number(value.toFixed(1));
