import { ORPCError } from '@orpc/client';
import { classifyFailure } from '../../api/classify_failure';

/** The server's own sentence about a refusal, or that it could not be asked. */
export function readFailure(error: unknown): string {
  const kind = classifyFailure(error);
  const said = error instanceof ORPCError && ['refused', 'forbidden', 'too_large'].includes(kind);
  return said ? error.message : 'The server cannot be reached right now. Try again.';
}
