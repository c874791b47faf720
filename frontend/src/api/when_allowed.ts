import { ORPCError } from '@orpc/client';
import { z } from 'zod';

const LimitZod = z.object({ details: z.object({ retryAfter: z.number() }) });

/** For many calls in a row: one that comes too early is made again when the server says, in seconds, that it may. */
export async function whenAllowed<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const over = error instanceof ORPCError && error.code === 'RATE_LIMIT_EXCEEDED';
      const said = over ? LimitZod.safeParse(error.data).data : undefined;
      if (!said) throw error;
      await new Promise((resolve) => setTimeout(resolve, said.details.retryAfter * 1_000));
    }
  }
}
