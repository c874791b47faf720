import type { LimitMet } from './services/reserve_usage.service';

type Told = Pick<LimitMet, 'groupName' | 'period' | 'opensAt' | 'timeZone'>;

/**
 * What a pupil reads when a limit is met: whose it is, and when it opens again, by the school's clock. How much
 * money or how many tokens that is stays with those who look after it.
 */
export function describeLimit({ groupName, period, opensAt, timeZone }: Told, now: number): string {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(opensAt);
  switch (period) {
    case 'minute': {
      return `Many people at ${groupName} are asking at once. Your message is safe. Please try again in ${describeWait(opensAt - now)}.`;
    }
    case 'hour':
      return `${groupName} has asked the AI as often as it may in an hour. Your message is safe. Please try again at ${format({ hour: '2-digit', minute: '2-digit' })}.`;
    case 'day':
      return `${groupName} has used all the AI it may use today. Your message is safe. Please try again tomorrow, ${format({ weekday: 'long', day: 'numeric', month: 'long' })}.`;
    case 'month':
      return `${groupName} has used all the AI it may use this month. Your message is safe. It opens again on ${format({ day: 'numeric', month: 'long' })}; your teacher can ask for more before that.`;
  }
}

function describeWait(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  if (seconds === 1) return 'a second';
  return seconds <= 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
