import { groupId } from '@raptscallions/zod-schemas/group.zod';
import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { timestampNumber } from '@raptscallions/zod-schemas/timestamp';
import { z } from 'zod';
import { defineEvent } from '../../events/define_event';

/** A group has used nine tenths of its day's tokens or its month's money: once for each day or month. */
export const usageNearLimitEvent = defineEvent({
  name: 'usage.near_limit',
  payload: z.object({
    __type: z.literal('usage.near_limit'),
    tenantId,
    entityId: groupId,
    timestamp: timestampNumber,
    period: z.enum(['day', 'month']),
    periodStartsAt: timestampNumber,
    /** tokens of a day, micros of a month */
    used: z.number(),
    limit: z.number(),
  }),
});
