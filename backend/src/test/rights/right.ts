import type { Ability } from '@raptscallions/policies/ability';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { Caller, Things } from '../build_mirror_school';

/** `shows` and `hides`: the call is answered, with or without the thing that is looked for. */
export type Outcome =
  | 'does'
  | 'shows'
  | 'hides'
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT';

/** What one procedure answers to whom, as somebody has read and agreed to it. */
export type Right = {
  /** a call that works for whoever has the right; new ids are made anew each time */
  input(things: Things): unknown;
  /** for a list: the answer is looked through for this */
  looksFor?(things: Things): RichId;
  /** callers by what they get, in the school of the things; anonymous and suspended people get UNAUTHORIZED */
  own: Partial<Record<Outcome, Caller[]>>;
  /** everybody who is in no list of `own` */
  others: Outcome;
  /** everybody of another tenant; the same for things that do not exist */
  foreign: Outcome;
  /** the declared policy behind it; whoever it lets, and nobody else, gets `does` or `shows` */
  policy?(ability: Ability, things: Things): boolean;
  /** it only reads, so it is called without a transaction around it that is undone */
  reads?: true;
};
