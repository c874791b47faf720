import type { MergeConflict } from '@raptscallions/zod-schemas/person_merge.zod';
import { roleNames } from '@raptscallions/zod-schemas/role_names';

/** Where two accounts of one person differ, and what becomes of it, as a sentence. */
export function tellConflict(conflict: MergeConflict): string {
  switch (conflict.kind) {
    case 'class':
    case 'group':
      return `In ${conflict.name} this account is ${roleNames[conflict.kept]} and the other ${roleNames[conflict.duplicate]}: the role with more rights stays.`;
    case 'email':
      return `The address stays ${conflict.kept}; ${conflict.duplicate} becomes free.`;
    case 'username':
      return `The user name stays ${conflict.kept}; ${conflict.duplicate} becomes free.`;
    case 'password':
      return 'Both have a password: the one of this account is kept.';
  }
}
