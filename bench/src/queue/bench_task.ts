import { z } from 'zod';
import { defineTask } from '../../../backend/src/events/define_task';

/** `hang`: never ends in its first worker. `at`: when it was sent, in milliseconds since 1970. */
export const BenchInputZod = z.object({ kind: z.enum(['note', 'count', 'hang']), at: z.number() });
export type BenchInput = z.infer<typeof BenchInputZod>;

export const queueName = 'bench';
/** pg-tbus as it comes keeps its tables apart from ours. */
export const plainSchema = 'plain_tbus';

export const benchTask = defineTask({
  name: 'bench',
  queue: queueName,
  input: BenchInputZod,
  deadlineSeconds: 3_600,
});
