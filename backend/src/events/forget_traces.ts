import type { Query } from './query';
import { queueSchema } from './queue_names';

/**
 * Deletes tasks and events, of whatever tenant, whose payload as JSON holds one of these texts in whatever case:
 * what waits about somebody who is erased, and what was done, which is kept for a week.
 * @param traces so long, or so enclosed in quotation marks, that nobody else's payload holds them by chance
 */
export async function forgetTraces(query: Query, traces: string[]): Promise<void> {
  for (const [table, column] of [
    ['tasks', 'data'],
    ['events', 'event_data'],
  ]) {
    await query(
      `DELETE FROM ${queueSchema}.${table} q WHERE EXISTS (
         SELECT FROM unnest($1::text[]) trace WHERE strpos(lower(q.${column}::text), lower(trace)) > 0)`,
      [traces],
    );
  }
}
