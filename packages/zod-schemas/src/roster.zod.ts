import { z } from 'zod';
import { richId } from './rich_id';

export const rosterSourceId = richId('rostersource');
export const rosterRunId = richId('rosterrun');

export const rosterSourceKind = z.enum(['csv', 'rest']);
export const rosterRunStatus = z.enum([
  'diffed',
  'held',
  'applied',
  'undone',
  'undo',
  'open',
  'failed',
  'discarded',
]);
export type RosterRunStatus = z.infer<typeof rosterRunStatus>;
export const rosterRunWork = z.enum(['waiting', 'reading', 'comparing', 'applying']);
/** `apply` stops at a brake; `approve` and `additions_only` are a person's word about a run that was read. */
export const rosterDecision = z.enum(['preview', 'apply', 'approve', 'additions_only', 'undo']);
export type RosterDecision = z.infer<typeof rosterDecision>;
export const rosterRunTrigger = z.enum(['upload', 'command', 'folder', 'schedule', 'hand']);
export const rosterFeedScope = z.enum(['full', 'delta']);

/** How a school system is asked. Addresses are checked again whenever they are connected to. */
export const RosterConnectionZod = z.object({
  version: z.enum(['1.1', '1.2']),
  auth: z.enum(['oauth1', 'oauth2']),
  /** up to and without `/ims/oneroster` */
  baseUrl: z.url({ protocol: /^https?$/ }).max(500),
  tokenUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable(),
  clientId: z.string().trim().min(1).max(255),
});
export type RosterConnection = z.infer<typeof RosterConnectionZod>;
