import { type Fault, faults } from './faults';
import { History, type Violation } from './history';
import { describeOperation, type Operation, planOperations } from './operations';
import type { World } from './world';

/** How many operations a history has. */
export const operationCount = 60;

export async function runHistory(
  world: World,
  seed: number,
  operations: readonly Operation[],
): Promise<History> {
  const history = new History(world, seed, operations);
  await history.run();
  await world.servers.ready();
  return history;
}

/** A history that went wrong, and what is enough of it. */
export type Shrunk = { seed: number; operations: Operation[]; fault: Fault | null; violation: Violation };

/**
 * Leaves out operations for as long as the same rule is still broken: halves first, single ones last. How the
 * processes interleave is not decided by the seed, so what fails rarely is shrunk less far.
 * @param patienceMs how long to go on looking for something smaller
 */
export async function shrink(
  world: World,
  { seed, operations, performed }: History,
  violation: Violation,
  patienceMs: number,
): Promise<Shrunk> {
  const until = Date.now() + patienceMs;
  let least = operations.slice(0, performed);
  let said = violation;
  for (let size = Math.ceil(least.length / 2); size > 0; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let at = 0; at < least.length && Date.now() < until; ) {
      const fewer = [...least.slice(0, at), ...least.slice(at + size)];
      const { violations } = await runHistory(world, seed, fewer);
      const same = violations.find(({ rule }) => rule === violation.rule);
      if (same) {
        least = fewer;
        said = same;
      } else at += size;
    }
  }
  return { seed, operations: least, fault: world.fault, violation: said };
}

/** The arguments by which the history can be run again. */
export function replayArguments({ seed, operations, fault }: Omit<Shrunk, 'violation'>): string {
  const only = operations.map(({ at }) => at).join(',') || 'none';
  return `--seed ${seed} --only ${only}${fault ? ` --fault ${fault}` : ''}`;
}

/** The other way round. @throws Error for words that {@link replayArguments} does not write */
export function readReplay(seed: number, only: string, fault: string | undefined): Omit<Shrunk, 'violation'> {
  const planned = planOperations(seed, operationCount);
  const operations = (only === 'none' ? [] : only.split(',')).map((at) => {
    const operation = planned[Number(at)];
    if (!operation) throw new Error(`--only names operations by number, from 0 to ${operationCount - 1}`);
    return operation;
  });
  const known = faults.find((one) => one === fault) ?? null;
  if (fault !== undefined && !known) throw new Error(`--fault is one of ${faults.join(', ')}`);
  return { seed, operations, fault: known };
}

/** Runs a history again and again until it breaks the rule, in at most so many tries. @returns the try; null: none */
export async function replay(
  world: World,
  { seed, operations }: Omit<Shrunk, 'violation'>,
  tries: number,
  isWanted: (violation: Violation) => boolean,
): Promise<{ tries: number; violation: Violation } | null> {
  for (let at = 1; at <= tries; at++) {
    const { violations } = await runHistory(world, seed, operations);
    const violation = violations.find(isWanted);
    if (violation) return { tries: at, violation };
  }
  return null;
}

export function describeShrunk(shrunk: Shrunk, of: number): string {
  const { operations, violation } = shrunk;
  return [
    `  ${violation.rule}: ${violation.text}`,
    `${operations.length} of ${of} operations are enough:`,
    ...operations.map(describeOperation),
    `again: yarn prove sync ${replayArguments(shrunk)}`,
  ].join('\n');
}
