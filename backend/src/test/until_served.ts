import { ORPCError } from '@orpc/server';

/**
 * Calls as the outbox of a browser does: whoever waited too long for a connection to the database, as on a busy
 * machine when many call at once, calls again.
 */
export async function untilServed<T>(call: () => Promise<T>): Promise<T> {
  while (true) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ORPCError && error.status === 503)) throw error;
    }
  }
}
