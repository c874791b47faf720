/** Notification channels; the payload is the key of a run, or several joined by commas. */
export const chunkChannel = 'rapt_chunks';
export const stopChannel = 'rapt_stop';

/**
 * What a run is known by in a process, and in its notifications. Ids are made by browsers, so whoever knows one may
 * give it to a run of their own school: by the id alone each would hear, and stop, the other's.
 */
export function runKey(tenantUuid: string, runUuid: string): string {
  return `${tenantUuid}/${runUuid}`;
}
