import { useLiveQuery } from 'dexie-react-hooks';
import { formatDay, formatTime } from '../../components/format_moment';
import { Icon } from '../../components/Icon';
import { PageHead } from '../../components/PageHead';
import { useNow } from '../../components/use_now';
import { useLocalDb } from '../../local_db/local_db_context';
import { useOutbox, useRefusals } from '../../sync/use_outbox';
import { useSyncStatus } from '../../sync/use_sync_status';
import { CompareCard } from './CompareCard';
import { DeviceHoldings } from './DeviceHoldings';
import { DeviceWayOut } from './DeviceWayOut';
import { readSentences } from './device.queries';
import { QueueList } from './QueueList';
import { RefusedEdits } from './RefusedEdits';
import { useComparison } from './use_comparison';

/** What is stored here, what waits, what was refused: decisions first, then the queue, then the contents. */
export function DevicePage() {
  const db = useLocalDb();
  const now = useNow();
  const status = useSyncStatus();
  const outbox = useOutbox();
  const refusals = useRefusals();
  const { state, busy, compare, rebuild } = useComparison();
  const keyed = [
    ...outbox.map(({ mid, name, args }) => ({ key: `${mid}`, name, args })),
    ...refusals.map(({ syncRefusalId, name, args }) => ({ key: syncRefusalId, name, args })),
  ];
  const sentences = useLiveQuery(() => readSentences(db, keyed), [db, keyed.map(({ key }) => key).join()]);
  const synced = status.lastSyncedAt;
  return (
    <main className="main" id="main">
      <PageHead title="This device">
        Everything here opens without a network.{' '}
        {synced === null
          ? 'Nothing has been loaded yet.'
          : `Last complete sync ${formatDay(synced, now)} at ${formatTime(synced, true)}.`}
      </PageHead>
      <div className="two-col">
        <div className="sections">
          {refusals.length > 0 && <RefusedEdits refusals={refusals} sentences={sentences} />}
          {!status.online && (
            <p className="banner wait">
              <Icon name="cloudoff" />
              <span>
                <b>
                  You are offline
                  {status.offlineSince !== null && ` since ${formatTime(status.offlineSince)}`}.
                </b>{' '}
                Keep reading and writing. Everything is sent by itself, in order, when the network is back.
              </span>
            </p>
          )}
          <QueueList outbox={outbox} sentences={sentences} />
          <DeviceHoldings comparison={state} />
        </div>
        <div className="stack">
          <CompareCard state={state} busy={busy} online={status.online} onCompare={() => void compare()} />
          <DeviceWayOut
            queued={status.queued}
            online={status.online}
            busy={busy}
            onRebuild={() => void rebuild()}
          />
        </div>
      </div>
    </main>
  );
}
