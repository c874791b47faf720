import type { Query } from './query';
import { queueSchema } from './queue_names';

/**
 * Deletes tasks and events whose payload holds one of these texts: what waits about somebody who is erased, and
 * what was done, which is kept for a week.
 */
export async function forgetTraces(query: Query, traces: string[]): Promise<void> {
  for (const [table, column] of [
    ['tasks', 'data'],
    ['events', 'event_data'],
  ]) {
    await query(
      `DELETE FROM ${queueSchema}.${table} q WHERE EXISTS (
         SELECT FROM unnest($1::text[]) trace WHERE strpos(q.${column}::text, trace) > 0)`,
      [traces],
    );
  }
}
