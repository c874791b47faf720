/** Connection trouble, resources used up, and the losers of a deadlock: the same statement may succeed later. */
const passingStates = /^(08|53|57P|25006$|40001$|40P01$|55P03$)/;
const networkCodes = /^E[A-Z]+$/;
const sqlState = /^[0-9A-Z]{5}$/;
/** What pg says without a code. */
const lostConnection = /terminated|not queryable|timeout|connection error|client was closed|ended/i;

/** The SQLSTATE of a database error, undefined for any other. */
export function sqlStateOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return sqlState.test(error.code) && 'severity' in error ? error.code : undefined;
}

/** True when the database was out of reach or busy, false when it understood and said no. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Trying every address of a host name fails with all their errors in one.
  if (error instanceof AggregateError) return error.errors.every(isOutage);
  const state = sqlStateOf(error);
  if (state) return passingStates.test(state);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return networkCodes.test(code) || lostConnection.test(error.message);
}
