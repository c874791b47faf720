import { defineTask as definePgTbusTask, Type } from 'pg-tbus';
import type { z } from 'zod';
import type { InputSchema, Task } from './define_task';
import { parsePayload } from './parse_payload';
import type { Subscription, TaskHandler } from './subscription';

/** Says how a worker handles a task. */
export function onTask<S extends InputSchema>(
  task: Task<S>,
  handler: TaskHandler<z.output<S>>,
): Subscription {
  const { name, queue, deadlineSeconds, config } = task;
  return {
    name,
    queue,
    deadlineSeconds,
    async handle(context) {
      const output = await handler({ ...context, input: parsePayload(task.input, context.input) });
      return output ?? undefined;
    },
    register(bus, run) {
      bus.registerTask(
        definePgTbusTask({
          task_name: name,
          queue,
          schema: Type.Object({}),
          config,
          handler: ({ input }) => run(input),
        }),
      );
    },
  };
}
