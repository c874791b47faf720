import { type RichId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { z } from 'zod';
import { currentTraceparent } from '../lib/trace_context';

/**
 * What a task or an event carries in the database: the payload and what travels beside it. A row that somebody
 * else wrote is still read: its payload is then refused by the task's own schema.
 */
export const EnvelopeZod = z.object({
  v: z.unknown(),
  m: z
    .object({
      traceparent: z.string().optional(),
      /** a uuid, for the task log, which SQL writes without asking us */
      tenantId: z.string().optional(),
    })
    .catch(() => ({})),
});
export type Envelope = z.output<typeof EnvelopeZod>;

/** Names the tenant a payload belongs to; nothing for work that is the whole system's. */
export type TenantOf<Payload> = (payload: Payload) => RichId<'tenant'> | undefined;

/** Puts a payload that has been checked into the form it is stored in. */
export function wrapPayload<Payload extends object>(
  payload: Payload,
  tenantOf: TenantOf<Payload> = tenantIdOf,
): Envelope {
  const tenantId = tenantOf(payload);
  return {
    v: payload,
    m: {
      traceparent: currentTraceparent(),
      tenantId: tenantId === undefined ? undefined : uuidFromId('tenant', tenantId),
    },
  };
}

/** Most payloads say it in a field called `tenantId`. */
function tenantIdOf(payload: object): RichId<'tenant'> | undefined {
  const tenantId = 'tenantId' in payload ? payload.tenantId : undefined;
  return typeof tenantId === 'string' && tenantId.startsWith('tenant-')
    ? `tenant-${tenantId.slice(7)}`
    : undefined;
}
