import { useSyncExternalStore } from 'react';
import { useSync } from './sync_context';

/** What a person is told about syncing; moments are milliseconds since 1970. */
export type SyncStatus = {
  online: boolean;
  /** when the network went, also if that was before the page was opened; null while online */
  offlineSince: number | null;
  /** edits the server has not yet acknowledged */
  queued: number;
  /** some of them are on their way */
  sending: boolean;
  /** refused edits nobody has seen to */
  refused: number;
  /** nothing has ever been loaded on this device: show skeletons, not empty pages */
  firstLoad: boolean;
  lastSyncedAt: number | null;
  /** the server wants a new sign-in; what is stored here stays readable, and the outbox waits */
  signedOut: boolean;
  /** the server is of another version and takes nothing from this one: the app has to update */
  outdated: boolean;
  /** another tab has another version of the app and does the syncing: this page has to be loaded anew */
  displaced: boolean;
  /** this device has no room left but the reserve for what a person writes */
  full: boolean;
  /** how often this page could not store what a person did, for want of room */
  lost: number;
};

export function useSyncStatus(): SyncStatus {
  const { status } = useSync();
  return useSyncExternalStore(status.subscribe, status.get);
}
