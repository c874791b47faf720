/**
 * Prints one calm line of progress: what, how it stands, and how long it took.
 * @param {string} subject
 * @param {string} state
 * @param {number} [startedAt] from `performance.now()`
 */
export function report(subject, state, startedAt) {
  const time = startedAt === undefined ? '' : `  ${formatDuration(performance.now() - startedAt)}`;
  console.log(`  ${subject.padEnd(13)} ${state}${time}`);
}

/** @param {number} milliseconds */
export function formatDuration(milliseconds) {
  return milliseconds < 950 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
