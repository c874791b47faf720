import { isDatabaseAway } from './app_error';

/**
 * Does `work` for one item after the other, and for all of them, whichever fails: in work that is for many schools
 * the trouble of one must not keep the others waiting, in this round and in every later one.
 * @throws the failure, or one that holds all of them, when each had its turn; at once when the database is away
 */
export async function eachByItself<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      failures.push(error);
    }
  }
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, `${failures.length} failed, each by itself`);
}
