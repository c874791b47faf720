import type { Caller } from '../build_mirror_school';
import type { Outcome, Right } from './right';

export const admins: Caller[] = ['ancestorAdmin', 'systemAdmin'];
const classStaff: Caller[] = ['teacher', 'coTeacher'];
export const assigners: Caller[] = [...classStaff, ...admins];
export const readersOfClass: Caller[] = ['pupil', ...classStaff, 'otherTeacher'];
export const readersOfChat: Caller[] = ['pupil', ...classStaff];
const everybody: Caller[] = [...readersOfClass, 'otherPupil', 'siblingAdmin', ...admins];
export const anybody: Caller[] = ['anonymous', 'suspended', ...everybody];

type Who = Pick<Right, 'own' | 'others' | 'foreign'>;

/** They can do it; to everybody else it does not exist. */
export function restrictedTo(callers: Caller[]): Who {
  return { own: { does: callers }, others: 'NOT_FOUND', foreign: 'NOT_FOUND' };
}

/** A list everybody may ask for, with the thing in it for these alone. */
export function listedFor(callers: Caller[]): Who & { reads: true } {
  return { own: { shows: callers }, others: 'hides', foreign: 'hides', reads: true };
}

/** The same for all of them, wherever the things are. */
export function forAll(outcome: Outcome, callers: Caller[] = everybody): Who {
  return { own: { [outcome]: callers }, others: outcome, foreign: outcome };
}
