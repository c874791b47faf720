import { ORPCError } from '@orpc/client';

/** What the server said about a call it refused; a sentence about the network when it said nothing. */
export function readFailure(failure: unknown): string {
  if (failure instanceof ORPCError && failure.status < 500) return failure.message;
  if (failure instanceof ORPCError) return 'The server could not do this just now. Try again in a moment.';
  return 'The server does not answer. Check the network, then try again.';
}
