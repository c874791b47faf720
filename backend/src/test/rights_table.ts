import { classesRights } from './rights/classes.rights';
import { oversightRights } from './rights/oversight.rights';
import type { Right } from './rights/right';
import { rostersRights } from './rights/rosters.rights';
import { signInRights } from './rights/sign_in.rights';
import { syncRights } from './rights/sync.rights';
import { workRights } from './rights/work.rights';

/** The areas of the table; no procedure stands in two of them. */
export const rightsAreas: Record<string, Right>[] = [
  signInRights,
  classesRights,
  workRights,
  oversightRights,
  rostersRights,
  syncRights,
];

/**
 * Every procedure of the router, one line each. Read a line as a sentence before you add it to its area: who gets
 * what, and is that what FEATURES and the policies say? Three tests live on it: who may do what, ids of other
 * schools, and fields nobody declared.
 */
export const rightsTable: Record<string, Right> = Object.assign({}, ...rightsAreas);
