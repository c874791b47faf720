import type { Caller } from '../build_mirror_school';
import type { Outcome, Right } from './right';

/** What a caller gets in the school of the things, by the line of its procedure. */
export function expectedOwn(right: Right, caller: Caller): Outcome {
  const named = Object.entries(right.own).find(([, group]) => group.includes(caller));
  if (named) return named[0] as Outcome;
  return caller === 'anonymous' || caller === 'suspended' ? 'UNAUTHORIZED' : right.others;
}

/** What a caller gets for the things of another tenant, or for none. */
export function expectedForeign(right: Right, caller: Caller): Outcome {
  const outside = caller === 'anonymous' || caller === 'suspended';
  const named = Object.values(right.own).some((group) => group.includes(caller));
  return outside && !named ? 'UNAUTHORIZED' : right.foreign;
}
