import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { EmptyState } from '../../components/EmptyState';
import { formatTime } from '../../components/format_moment';
import { toastNote } from '../../components/toast';
import { useSync } from '../../sync/sync_context';
import type { OutboxEntry } from '../../sync/use_outbox';

/** The outbox in words, in the order in which it goes out. */
export function QueueList({
  outbox,
  sentences,
}: {
  outbox: readonly OutboxEntry[];
  sentences: Map<string, string> | undefined;
}) {
  const sync = useSync();

  async function remove(mid: number) {
    const removed = await sync.removeQueued(mid);
    toastNote(
      removed ? 'Taken out of the line' : 'Too late: it has been sent already',
      removed ? 'check' : 'send',
    );
  }

  return (
    <section aria-labelledby="queue">
      <div className="sec-head">
        <h2 id="queue">Waiting to be sent</h2>
        {outbox.length > 0 && <span className="muted small">in this order, each exactly once</span>}
      </div>
      {outbox.length === 0 ? (
        <div className="card">
          <EmptyState mood="glad" title="Nothing waits">
            Everything you did has reached the server.
          </EmptyState>
        </div>
      ) : (
        <ol className="list card stacks">
          {outbox.map((entry, at) => (
            <li key={entry.mid}>
              <span className="ord">{at + 1}</span>
              <div className="grow">
                <b className="break">{sentences?.get(`${entry.mid}`) ?? entry.name}</b>
                <p className="small soft">{formatTime(entry.createdAt)}</p>
              </div>
              {entry.state === 'sending' ? (
                <Chip tone="wait" icon="refresh">
                  Sending
                </Chip>
              ) : (
                <>
                  <Chip tone="wait" icon="clock">
                    Waiting
                  </Chip>
                  <Button
                    small
                    look="quiet"
                    aria-label={`Take out of the line: ${sentences?.get(`${entry.mid}`) ?? entry.name}`}
                    onClick={() => void remove(entry.mid)}
                  >
                    Take out
                  </Button>
                </>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
