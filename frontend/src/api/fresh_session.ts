import { ORPCError } from '@orpc/client';
import { z } from 'zod';

const StaleZod = z.object({ details: z.object({ reason: z.literal('fresh_session_required') }) });

/** Asks the person to show who they are; false when they would rather not. */
type Prover = () => Promise<boolean>;
let prover: Prover | null = null;

/** The page's own dialog answers from now on; returns how to stop that. */
export function answerProofs(own: Prover): () => void {
  prover = own;
  return () => {
    if (prover === own) prover = null;
  };
}

/** Somebody closed the dialog in which they were asked who they are: nothing was done, and nothing is wrong. */
export class ProofDeclined extends Error {
  override name = 'ProofDeclined';
}

/**
 * Does what needs a fresh sign-in, and asks for one where the server wants it, and then goes on with what was
 * asked.
 * @throws ProofDeclined, or whatever the call throws
 */
export async function withFreshSession<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const stale = error instanceof ORPCError && StaleZod.safeParse(error.data).success;
    if (!stale || !prover) throw error;
    if (!(await prover())) throw new ProofDeclined('nobody has shown who they are');
    return call();
  }
}
