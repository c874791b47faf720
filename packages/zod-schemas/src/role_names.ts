import type { GroupRole } from './group.zod';
import type { User } from './user.zod';

export const roleNames: Record<GroupRole, string> = {
  student: 'Pupil',
  teacher: 'Teacher',
  group_admin: 'Administrator',
  system_admin: 'System administrator',
};

export const statusNames: Record<User['status'], string> = {
  active: 'Active',
  pending_verification: 'Invited',
  suspended: 'Suspended',
};

/** The key of a table of names, when a select or a file says one. */
export function readKey<K extends string>(names: Record<K, string>, text: string): K | null {
  const folded = text.trim().toLowerCase();
  for (const key in names) {
    if (key === folded || names[key].toLowerCase() === folded) return key;
  }
  return null;
}
