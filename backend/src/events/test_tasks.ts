import { setTimeout as delay } from 'node:timers/promises';
import { richId } from '@raptscallions/zod-schemas/rich_id';
import { z } from 'zod';
import { defineEvent } from './define_event';
import { defineTask } from './define_task';
import type { TaskHandler } from './subscription';

/** Work that behaves as its input says, so that a test can order any fate for it. */
const WorkZod = z.object({
  key: z.string(),
  behaviour: z.enum(['finish', 'fail', 'hang', 'hang_once', 'pause']).default('finish'),
  ms: z.number().optional(),
  tenantId: richId('tenant').optional(),
});
type Work = z.output<typeof WorkZod>;

const retry = { limit: 2, delaySeconds: 0, backoff: false };

export const aiWork = defineTask({ name: 'test.ai', queue: 'ai', input: WorkZod, retry });
export const mailWork = defineTask({ name: 'test.mail', queue: 'mail', input: WorkZod, retry });
export const classRenamed = defineEvent({
  name: 'test.class_renamed',
  payload: z.object({ key: z.string() }),
});

/** @param onStart told of every start, with what a test may want to know of it */
export function behave(onStart: (key: string, attempt: number) => void): TaskHandler<Work> {
  return async ({ input: { key, behaviour, ms = 0 }, attempt, signal }) => {
    onStart(key, attempt);
    if (behaviour === 'fail') throw Object.assign(new Error('as ordered'), { code: 'ordered' });
    if (behaviour === 'hang' || (behaviour === 'hang_once' && attempt === 1)) {
      await delay(600_000, undefined, { signal });
    }
    // Deaf to its signal, as work that is not ours may be.
    if (behaviour === 'pause' && attempt === 1) await delay(ms);
    return { key, attempt };
  };
}
