import { formatAgo } from './format_moment';
import { useNow } from './use_now';

/** A past moment in words that keep up with the clock; the exact moment is its tooltip. */
export function TimeAgo({ ms }: { ms: number }) {
  const now = useNow();
  const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' }).format(ms);
  return (
    <time dateTime={new Date(ms).toISOString()} title={exact}>
      {formatAgo(ms, now)}
    </time>
  );
}
