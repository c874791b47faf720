import { ORPCError } from '@orpc/client';
import { errorTable } from '@raptscallions/zod-schemas/error.zod';
import { otherVersion } from '@raptscallions/zod-schemas/sync.zod';
import { z } from 'zod';

const OtherVersionZod = z.object({ details: z.object({ reason: z.literal(otherVersion) }) });

/**
 * What a failed call means for whoever would call again.
 * - `network`: nothing of ours answered; we are offline, whatever the browser believes
 * - `signed_out`: only signing in again helps
 * - `forbidden`: it will never be allowed
 * - `too_large`: the same in smaller parts may pass
 * - `outdated`: server and app are of different versions; an update of the app helps, or of the server
 * - `retry`: the server is there and cannot just now
 * - `refused`: it is wrong and will stay wrong
 */
export type FailureKind =
  | 'network'
  | 'signed_out'
  | 'forbidden'
  | 'too_large'
  | 'outdated'
  | 'retry'
  | 'refused';

export function classifyFailure(error: unknown): FailureKind {
  if (!(error instanceof ORPCError)) return 'network';
  if (error.code === 'UNAUTHORIZED') return 'signed_out';
  if (error.code === 'FORBIDDEN') return 'forbidden';
  if (error.code === 'PAYLOAD_TOO_LARGE') return 'too_large';
  if (OtherVersionZod.safeParse(error.data).success) return 'outdated';
  const known = Object.entries(errorTable).find(([code]) => code === error.code)?.[1];
  return (known?.retry ?? error.status >= 500) ? 'retry' : 'refused';
}
