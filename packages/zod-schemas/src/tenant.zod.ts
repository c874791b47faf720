import { z } from 'zod';
import { richId } from './rich_id';

export const tenantId = richId('tenant');

/** The reserved tenant whose tools, modules and models everybody may read. */
export const systemTenantId = 'tenant-00000000000000000000000001' as const;

export const TenantMandatoryZod = z.object({ name: z.string().trim().min(1).max(100) });
export type TenantId = z.infer<typeof tenantId>;
