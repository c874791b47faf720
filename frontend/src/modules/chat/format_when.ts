import { daysFromNow, formatDay, formatTime } from '../../components/format_moment';

/** "10:43" today, "Thu 20 Nov 10:43" else. Epoch ms. */
export function formatWhen(ms: number, now: number): string {
  return daysFromNow(ms, now) === 0 ? formatTime(ms) : `${formatDay(ms, now)} ${formatTime(ms)}`;
}
