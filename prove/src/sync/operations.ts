import { seededRandom } from './random';

/** How often each happens, against the others. */
const weights = {
  /** a class made, renamed, or made under a name that is taken, on one of the administrator's devices */
  create: 8,
  rename: 8,
  clash: 3,
  /** both classes of a pair written in one transaction, beside the API */
  pair: 8,
  /** the same in a transaction that stays open over what follows */
  beginLong: 4,
  endLong: 4,
  rollback: 2,
  joinClass: 6,
  leaveClass: 5,
  /** a membership that was taken away comes back under its old id */
  rejoinClass: 3,
  joinGroup: 3,
  leaveGroup: 3,
  changeRole: 3,
  archive: 3,
  restore: 3,
  offline: 3,
  online: 4,
  crashTab: 3,
  openTab: 2,
  skew: 2,
  killServer: 0.5,
  failover: 0.5,
  purge: 1,
};
export type OperationKind = keyof typeof weights;

/** What happens next; the two numbers, from 0 to 1, choose whom and what it hits. */
export type Operation = { at: number; kind: OperationKind; one: number; two: number };

const kinds = Object.keys(weights) as OperationKind[];
const sum = kinds.reduce((total, kind) => total + weights[kind], 0);

/** The operations of a history: all that a seed decides about it besides the faults of the network. */
export function planOperations(seed: number, count: number): Operation[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, at) => {
    let left = random() * sum;
    let chosen: OperationKind = 'pair';
    for (const kind of kinds) {
      left -= weights[kind];
      if (left < 0) {
        chosen = kind;
        break;
      }
    }
    return { at, kind: chosen, one: random(), two: random() };
  });
}

export function describeOperation({ at, kind, one, two }: Operation): string {
  return `  ${String(at).padStart(3)} ${kind} ${one.toFixed(3)} ${two.toFixed(3)}`;
}
