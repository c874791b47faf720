import { databaseFailure } from '../lib/app_error';

/** What every statement of a transaction answers after one that failed. */
const alreadyFailed = '25P02';

/**
 * Waits for several statements of one transaction that were asked for at once, and so cost one round trip; they run in
 * the order in which they were sent. Waits for all, whatever becomes of one: what went on by itself would come after
 * the end of its transaction, when the connection is somebody else's.
 * @throws what the one that failed throws, and not what that made of the others
 */
export async function atOnce<Asked extends readonly Promise<unknown>[] | []>(
  asked: Asked,
): Promise<{ -readonly [Place in keyof Asked]: Awaited<Asked[Place]> }> {
  try {
    return await Promise.all(asked);
  } catch (first) {
    const failures = (await Promise.allSettled(asked)).flatMap((each) =>
      each.status === 'rejected' ? [each.reason] : [],
    );
    throw failures.find((error) => databaseFailure(error)?.code !== alreadyFailed) ?? first;
  }
}
