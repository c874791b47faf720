/*
 * Moments in words, in the browser's language. Everything takes epoch milliseconds, and `now` so that a
 * page repaints all of its moments from one clock.
 */

const dayMs = 86_400_000;

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** Whole days from today to the day of `ms`; yesterday is -1. */
export function daysFromNow(ms: number, now: number): number {
  return Math.round((startOfDay(ms) - startOfDay(now)) / dayMs);
}

/** "10:46" or "10:46 AM", as the browser's language has it. */
export function formatTime(ms: number, withSeconds = false): string {
  return new Intl.DateTimeFormat(undefined, { timeStyle: withSeconds ? 'medium' : 'short' }).format(ms);
}

/** "today", "tomorrow", "yesterday", "Thu", "Fri 20 Nov", "20 Nov 2027". */
export function formatDay(ms: number, now: number): string {
  const days = daysFromNow(ms, now);
  if (Math.abs(days) <= 1) {
    return new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(days, 'day');
  }
  if (days > 1 && days < 7) return new Intl.DateTimeFormat(undefined, { weekday: 'short' }).format(ms);
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(
    undefined,
    sameYear ? { weekday: 'short', day: 'numeric', month: 'short' } : { dateStyle: 'medium' },
  ).format(ms);
}

/** "today 16:00", "Thu 16:00", "Fri 20 Nov": the time only while it matters. */
export function formatDue(ms: number, now: number): string {
  const days = daysFromNow(ms, now);
  const day = formatDay(ms, now);
  return days >= -1 && days < 7 ? `${day} ${formatTime(ms)}` : day;
}

/** "just now", "5 minutes ago", "3 hours ago", then the day. */
export function formatAgo(ms: number, now: number): string {
  const seconds = (ms - now) / 1000;
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  if (seconds > -45) return 'just now';
  if (seconds > -3_600) return relative.format(Math.round(seconds / 60), 'minute');
  if (daysFromNow(ms, now) === 0) return relative.format(Math.round(seconds / 3_600), 'hour');
  return formatDay(ms, now);
}

/** "Tuesday 17 November" in the order of the browser's language. */
export function formatLongDay(ms: number): string {
  return new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' }).format(ms);
}
