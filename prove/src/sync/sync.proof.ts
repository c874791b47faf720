import { parseArgs } from 'node:util';
import { faults } from './faults';
import { planOperations } from './operations';
import {
  describeShrunk,
  operationCount,
  readReplay,
  replay,
  replayArguments,
  runHistory,
  shrink,
} from './shrink';
import { tableNames } from './table_names';
import { inWorld, type World } from './world';

/** A deliberate fault must be found within so many histories; its smallest one is tried so often. */
const mostHistoriesForFault = 20;
const mostReplays = 12;
const patienceMs = { violation: 90_000, fault: 30_000 };

const optionNames = {
  seeds: { type: 'string', default: '10' },
  seed: { type: 'string', default: '1' },
  minutes: { type: 'string' },
  faults: { type: 'boolean', default: false },
  only: { type: 'string' },
  fault: { type: 'string' },
} as const;

/**
 * `yarn prove sync [--seeds N] [--seed X] [--minutes M]`, `--faults`, or `--seed X --only 1,2,3 [--fault F]` to
 * run again what a failure has printed; see README.md.
 * @returns whether nothing was violated, or every deliberate fault was caught
 */
export async function prove(options: string[]): Promise<boolean> {
  const { values } = parseArgs({ args: options, options: optionNames });
  const seed = Number(values.seed);
  const seeds = Number(values.seeds);
  const endsAt =
    values.minutes === undefined ? Number.POSITIVE_INFINITY : Date.now() + Number(values.minutes) * 60_000;
  if (!Number.isInteger(seed) || !Number.isInteger(seeds) || seeds < 1 || Number.isNaN(endsAt)) {
    throw new Error('--seed and --seeds are whole numbers, --minutes is a number');
  }
  if (values.only !== undefined) return proveAgain(readReplay(seed, values.only, values.fault));
  return values.faults ? proveFaults(seed) : inWorld(null, (world) => proveSeeds(world, seed, seeds, endsAt));
}

async function proveSeeds(world: World, from: number, seeds: number, endsAt: number): Promise<boolean> {
  const startedAt = Date.now();
  const seenTables = new Set<string>();
  let histories = 0;
  let states = 0;
  let violations = 0;
  for (let seed = from; seed < from + seeds && (histories === 0 || Date.now() < endsAt); seed++) {
    const history = await runHistory(world, seed, planOperations(seed, operationCount));
    histories += 1;
    states += history.checkedStates;
    for (const table of history.seenTables) seenTables.add(table);
    const [first] = history.violations;
    if (!first) continue;
    violations += 1;
    write(`seed ${seed}:\n${history.violations.map(({ rule, text }) => `  ${rule}: ${text}`).join('\n')}`);
    write(describeShrunk(await shrink(world, history, first, patienceMs.violation), operationCount));
  }
  const unseen = tableNames.filter(({ table }) => !seenTables.has(table)).map(({ table }) => table);
  if (unseen.length > 0) write(`no row was ever seen of: ${unseen.join(', ')}`);
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
  write(`${states} stored states were held against the database at their own snapshot, in ${minutes} min`);
  write(`sync: ${histories} histories, ${violations} violations`);
  // A proof that looked at nothing has proved nothing.
  return violations === 0 && states > 0;
}

function proveAgain(wanted: ReturnType<typeof readReplay>): Promise<boolean> {
  return inWorld(wanted.fault, async (world) => {
    const again = await replay(world, wanted, mostReplays, () => true);
    write(
      again
        ? `violated at try ${again.tries}: ${again.violation.rule}: ${again.violation.text}`
        : `not violated in ${mostReplays} tries`,
    );
    return !again;
  });
}

/** The checker is proved: each fault is found, its history is made smaller, and what is printed shows it again. */
async function proveFaults(seed: number): Promise<boolean> {
  let caught = 0;
  let replayed = 0;
  for (const fault of faults) {
    const startedAt = Date.now();
    const isCaught = await inWorld(fault, async (world) => {
      for (let tries = 1; tries <= mostHistoriesForFault; tries++) {
        const at = seed + tries - 1;
        const history = await runHistory(world, at, planOperations(at, operationCount));
        const [first] = history.violations;
        if (!first) continue;
        const shrunk = await shrink(world, history, first, patienceMs.fault);
        write(`${fault}: caught in history ${tries}\n${describeShrunk(shrunk, operationCount)}`);
        const [, only = ''] = /--only (\S+)/.exec(replayArguments(shrunk)) ?? [];
        const isSame = ({ rule }: { rule: string }) => rule === first.rule;
        const again = await replay(world, readReplay(at, only, fault), mostReplays, isSame);
        write(again ? `violated again at try ${again.tries}` : `NOT violated again in ${mostReplays} tries`);
        if (again && shrunk.operations.length < operationCount) replayed += 1;
        return true;
      }
      write(`${fault}: NOT caught in ${mostHistoriesForFault} histories`);
      return false;
    });
    if (isCaught) caught += 1;
    write(`${fault}: ${Math.round((Date.now() - startedAt) / 1_000)} s\n`);
  }
  // A fault that only strikes when processes meet in one way is caught again only when they do.
  write(`${replayed} of ${faults.length} were made smaller and shown again by what is printed`);
  write(`sync: ${caught} of ${faults.length} faults caught`);
  return caught === faults.length && replayed > 0;
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}
