import { z } from 'zod';
import { groupId } from './group.zod';
import { richId } from './rich_id';

export const tenantId = richId('tenant');
export type TenantId = z.infer<typeof tenantId>;

/** The reserved tenant whose tools, modules and models everybody may read. */
export const systemTenantId = 'tenant-00000000000000000000000001' as const;

export const TenantMandatoryZod = z.object({ name: z.string().trim().min(1).max(100) });

/** A school code as it is typed and compared: plain small letters and digits, with hyphens for all else. */
export function plainSchoolCode(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}

/** A code somebody chooses: long enough not to be typed by chance, short enough for a card. */
const schoolCodeInput = z
  .string()
  .max(100)
  .transform(plainSchoolCode)
  .pipe(
    z
      .string()
      .min(3, 'Take 3 letters or digits at least.')
      .max(40, 'Take 40 letters and digits at the most.'),
  );

/** `groupId`: the school’s topmost group, which is the caller’s to look after. */
export const ReadSchoolCodeInputZod = z.object({ groupId });
export const SchoolCodeZod = z.object({ __type: z.literal('SchoolCode'), schoolCode: z.string().nullable() });
export const SetSchoolCodeInputZod = z.object({ groupId, schoolCode: schoolCodeInput });
