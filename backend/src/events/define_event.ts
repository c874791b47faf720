import { createTBus, defineEvent as definePgTbusEvent, type EventDefinition, Type } from 'pg-tbus';
import type { z } from 'zod';
import type { InputSchema } from './define_task';
import { type TenantOf, wrapPayload } from './envelope';
import type { Query } from './query';
import { queueSchema } from './queue_names';

export interface EventOptions<S extends InputSchema> {
  /** such as `class.renamed`; never changed, since stored events carry it */
  name: string;
  payload: S;
  /** unless given: the payload's field `tenantId` */
  tenantOf?: TenantOf<z.input<S>>;
}

const envelopeSchema = Type.Object({});

export interface Event<S extends InputSchema = InputSchema> {
  name: string;
  payload: S;
  definition: EventDefinition<string, typeof envelopeSchema>;
  /**
   * Stores the event in the caller's transaction. It is numbered at commit, and handlers are started in that
   * order, whoever published. One lock for the whole database numbers them: publish once and expand in a
   * task, rather than once per recipient.
   * @throws ZodError when the payload does not fit
   */
  publish(query: Query, payload: z.input<S>): Promise<void>;
}

const formatter = createTBus('publisher', { db: {}, schema: queueSchema });

/** Declares a fact that features may announce and others subscribe to with `onEvent`. */
export function defineEvent<S extends InputSchema>({
  name,
  payload: schema,
  tenantOf,
}: EventOptions<S>): Event<S> {
  const definition = definePgTbusEvent({ event_name: name, schema: envelopeSchema });

  async function publish(query: Query, payload: z.input<S>): Promise<void> {
    schema.parse(payload);
    const { values } = formatter.getPublishCommand([definition.from(wrapPayload(payload, tenantOf))]);
    await query(`SELECT ${queueSchema}.rapt_publish($1::jsonb)`, values);
  }

  return { name, payload: schema, definition, publish };
}
