import { Link } from '@tanstack/react-router';
import { countOf } from '../../components/count_of';
import { formatTime } from '../../components/format_moment';
import { Icon, type IconName } from '../../components/Icon';
import { type SyncStatus, useSyncStatus } from '../../sync/use_sync_status';

type PillState = { tone: string; icon: IconName; text: string; more: string };

/** The worst state wins: not saved, signed out, of another version, offline, sending, up to date. `more` is dropped on phones. */
export function pillState(status: SyncStatus): PillState {
  const waiting = status.queued > 0 ? `, ${status.queued} waiting` : '';
  if (status.refused > 0)
    return { tone: 'alert', icon: 'warn', text: `${status.refused} not saved`, more: waiting };
  if (status.signedOut) return { tone: 'warm', icon: 'lock', text: 'Sign in again', more: waiting };
  if (!status.online) {
    const since = status.offlineSince === null ? '' : ` since ${formatTime(status.offlineSince)}`;
    return { tone: 'wait', icon: 'cloudoff', text: `Offline${since}`, more: waiting };
  }
  if (status.outdated || status.displaced)
    return { tone: 'warm', icon: 'refresh', text: 'Update the app', more: waiting };
  if (status.firstLoad) return { tone: 'wait', icon: 'refresh', text: 'Loading', more: '' };
  if (status.queued > 0) return { tone: 'wait', icon: 'refresh', text: `Sending ${status.queued}`, more: '' };
  return { tone: '', icon: 'cloud', text: 'Up to date', more: '' };
}

/** Whether everything is saved, in one word, on every page; it leads to what is stored here. */
export function SyncPill() {
  const status = useSyncStatus();
  const { tone, icon, text, more } = pillState(status);
  const calm = tone === '';
  return (
    <Link to="/device" className={`pill ${tone}`} aria-label={`${text}${more}. This device`}>
      <Icon name={icon} />
      <span className={calm ? 'hide-s' : undefined}>
        {status.online || status.refused > 0 || status.signedOut ? (
          text
        ) : (
          <>
            Offline<span className="hide-s">{text.slice('Offline'.length)}</span>
          </>
        )}
        {more && <span className={tone === 'wait' ? undefined : 'hide-s'}>{more}</span>}
      </span>
      <span className="sr" role="status">
        {status.online ? '' : `Offline, ${countOf(status.queued, 'change')} waiting`}
      </span>
    </Link>
  );
}
