import { seededRandom } from '../../../backend/src/db/seeds/seeded_random';

/** What people do on their devices, and how often, against the others. */
const editWeights = {
  /** a class made, renamed, or made under a name that is taken, by the administrator */
  create: 5,
  rename: 6,
  clash: 2,
  /** a teacher's tools: written, written again, published */
  draft: 4,
  redraft: 5,
  publish: 3,
  /** work for a class: given, renamed, taken back, by its teachers and others */
  assign: 4,
  retitle: 3,
  unassign: 2,
  /** a chat: begun, asked in, put away, ended by its pupil; paused by a teacher */
  startChat: 7,
  send: 12,
  hide: 2,
  complete: 2,
  pause: 2,
  /** a pupil tries what only staff may */
  trespass: 3,
};
export type EditKind = keyof typeof editWeights;

/** What is written beside the API, by services, workers, imports and operators. */
const writeWeights = {
  /** both classes of a pair in one transaction */
  pair: 7,
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
  /** a class, or a whole school, is moved to another place */
  moveClass: 1,
  moveGroup: 1,
  /** a worker takes a question, and answers it */
  claim: 4,
  answer: 5,
  /** a tool changes its name, its group or its author, is put away or comes back; so does everybody's */
  changeTool: 3,
  changeEverybodysTool: 2,
  /** somebody fills in the form of a tool; the result comes, is let through, is put away */
  fillIn: 2,
  changeResult: 3,
  /** a module notes something about a form; a teacher takes the note on, it is taken back and comes again */
  noteForm: 3,
  withdraw: 2,
  giveAgain: 2,
  failover: 0.5,
  purge: 1,
};
export type WriteKind = keyof typeof writeWeights;

/** What goes wrong with devices, networks and servers besides what the network does by itself. */
const mishapWeights = {
  offline: 3,
  online: 4,
  crashTab: 3,
  openTab: 2,
  /** a second tab leads while the first one still does */
  stealLock: 1,
  skew: 2,
  /** the app or the protocol was another one when the rows were stored */
  ageCursor: 1,
  /** a pupil signs out of the shared device and another one signs in */
  changePerson: 2,
  killServer: 0.5,
  crashDatabase: 0.25,
};
export type MishapKind = keyof typeof mishapWeights;

const weights = { ...editWeights, ...writeWeights, ...mishapWeights };
export type OperationKind = keyof typeof weights;

export const isEditKind = (kind: OperationKind): kind is EditKind => kind in editWeights;
export const isWriteKind = (kind: OperationKind): kind is WriteKind => kind in writeWeights;

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
