import { createEventHandler } from 'pg-tbus';
import type { z } from 'zod';
import type { Event } from './define_event';
import type { InputSchema } from './define_task';
import { parsePayload } from './parse_payload';
import { type AttemptPolicy, toTaskConfig } from './retry_policy';
import type { Subscription, TaskHandler } from './subscription';

export interface EventHandlerOptions extends AttemptPolicy {
  /** unique within its queue; the handler's tasks are stored under it */
  name: string;
  /** the queue whose workers handle the event */
  queue: string;
}

/** A subscription to an event. */
export interface EventSubscription extends Subscription {
  eventName: string;
}

/**
 * Says what a queue does for each event. Every handler gets a task of its own, with its own retries. A queue
 * sees the events from its first start with a handler on, each once, however many workers it has.
 */
export function onEvent<S extends InputSchema>(
  event: Event<S>,
  options: EventHandlerOptions,
  handler: TaskHandler<z.output<S>>,
): EventSubscription {
  const { name, queue } = options;
  const { deadlineSeconds, ...config } = toTaskConfig(name, options);
  return {
    name,
    queue,
    deadlineSeconds,
    eventName: event.name,
    async handle(context) {
      const output = await handler({ ...context, input: parsePayload(event.payload, context.input) });
      return output ?? undefined;
    },
    register(bus, run) {
      // The policy is never a function of the event: pg-tbus would let one that throws end the process, again
      // at every start.
      bus.registerHandler(
        createEventHandler({
          task_name: name,
          eventDef: event.definition,
          handler: ({ input }) => run(input),
          config,
        }),
      );
    },
  };
}
