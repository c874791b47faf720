import type { Group } from '@raptscallions/zod-schemas/group.zod';

/** What kinds of groups are called where people read them. */
export const kindNames: Record<Group['kind'], string> = {
  district: 'District',
  school: 'School',
  department: 'Department',
  custom: 'Group',
};
