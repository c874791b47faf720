import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createProofDatabase } from './database';
import { type Fault, faults } from './faults';
import { History, type World } from './history';
import { describeOperation, type Operation, planOperations } from './operations';
import { SchoolBuilder } from './school';
import { Servers } from './servers';

const operationCount = 40;
const serverCount = 2;
/** A deliberate fault must be found within so many histories. */
const mostHistoriesForFault = 20;
const shrinkMs = 90_000;

/**
 * `yarn prove sync [--seeds N] [--seed X] [--minutes M] [--faults]`, see README.md.
 * @returns whether nothing was violated, or every deliberate fault was caught
 */
export async function prove(options: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: options,
    options: {
      seeds: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string' },
      faults: { type: 'boolean', default: false },
    },
  });
  const seed = Number(values.seed);
  const seeds = Number(values.seeds);
  const endsAt =
    values.minutes === undefined ? Number.POSITIVE_INFINITY : Date.now() + Number(values.minutes) * 60_000;
  if (!Number.isInteger(seed) || !Number.isInteger(seeds) || seeds < 1 || Number.isNaN(endsAt)) {
    throw new Error('--seed and --seeds are whole numbers, --minutes is a number');
  }
  return values.faults ? proveFaults(seed) : inWorld(null, (world) => proveSeeds(world, seed, seeds, endsAt));
}

async function inWorld<T>(fault: Fault | null, work: (world: World) => Promise<T>): Promise<T> {
  const database = await createProofDatabase(fault === 'timestamp-cursor');
  const secret = randomBytes(32).toString('hex');
  const servers = new Servers({ DATABASE_URL: database.url, BETTER_AUTH_SECRET: secret });
  const schools = new SchoolBuilder(database.url, secret);
  try {
    await servers.start(serverCount);
    return await work({ database, servers, schools, fault });
  } finally {
    await schools.close();
    await servers.stop();
    await database.drop();
  }
}

async function runHistory(world: World, seed: number, operations: readonly Operation[]): Promise<History> {
  const history = new History(world, seed, operations);
  await history.run();
  await world.servers.ready();
  return history;
}

async function proveSeeds(world: World, from: number, seeds: number, endsAt: number): Promise<boolean> {
  let histories = 0;
  let states = 0;
  let violations = 0;
  for (let seed = from; seed < from + seeds && (histories === 0 || Date.now() < endsAt); seed++) {
    const operations = planOperations(seed, operationCount);
    const history = await runHistory(world, seed, operations);
    histories += 1;
    states += history.checkedStates;
    if (history.violations.length === 0) continue;
    violations += 1;
    write(`seed ${seed}:\n${history.violations.map((line) => `  ${line}`).join('\n')}`);
    const least = await shrink(world, seed, operations);
    write(
      `${least.length} of ${operations.length} operations are enough:\n${least.map(describeOperation).join('\n')}`,
    );
    write(`again: yarn prove sync --seeds 1 --seed ${seed}`);
  }
  write(`${states} stored states were held against the database at their own snapshot`);
  write(`sync: ${histories} histories, ${violations} violations`);
  return violations === 0;
}

/** Leaves out operations for as long as it still fails: halves first, single ones last. */
async function shrink(world: World, seed: number, operations: Operation[]): Promise<Operation[]> {
  const until = Date.now() + shrinkMs;
  let least = operations;
  for (let size = Math.ceil(least.length / 2); ; size = Math.ceil(size / 2)) {
    for (let at = 0; at < least.length; ) {
      if (Date.now() > until) return least;
      const fewer = [...least.slice(0, at), ...least.slice(at + size)];
      if ((await runHistory(world, seed, fewer)).violations.length > 0) least = fewer;
      else at += size;
    }
    if (size === 1) return least;
  }
}

async function proveFaults(seed: number): Promise<boolean> {
  let caught = 0;
  for (const fault of faults) {
    const found = await inWorld(fault, async (world) => {
      for (let tries = 1; tries <= mostHistoriesForFault; tries++) {
        const { violations } = await runHistory(
          world,
          seed + tries - 1,
          planOperations(seed + tries - 1, operationCount),
        );
        if (violations.length > 0) return `caught in history ${tries}: ${violations[0]}`;
      }
      return null;
    });
    if (found) caught += 1;
    write(`${fault}: ${found ?? `NOT caught in ${mostHistoriesForFault} histories`}`);
  }
  write(`sync: ${caught} of ${faults.length} faults caught`);
  return caught === faults.length;
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}
