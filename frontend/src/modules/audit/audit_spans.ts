const day = 86_400_000;

/** How far back the log is read, as it stands in the box. `from`: ms, out of the moment it is chosen. */
export const auditSpans: readonly {
  value: string;
  words: string;
  from: (now: number) => number | undefined;
}[] = [
  { value: 'ever', words: 'Any time', from: () => undefined },
  { value: 'yesterday', words: 'Today and yesterday', from: startOfYesterday },
  { value: 'week', words: 'The last 7 days', from: (now) => now - 7 * day },
  { value: 'month', words: 'The last 30 days', from: (now) => now - 30 * day },
];

/** Where the reader is; by the calendar, since a day may have 23 or 25 hours. */
function startOfYesterday(now: number): number {
  const today = new Date(now);
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1).getTime();
}
