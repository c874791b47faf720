import { useLiveQuery } from 'dexie-react-hooks';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { countOf } from '../../components/count_of';
import { SkeletonTable } from '../../components/Skeleton';
import { toastNote } from '../../components/toast';
import { useLocalDb } from '../../local_db/local_db_context';
import { isOwnDevice } from '../auth/device_kind';
import { readHoldings } from './device.queries';
import { formatBytes, useStorage } from './use_storage';

/** What this device holds, in numbers a person can check, and whether the browser may throw it away. */
export function DeviceHoldings() {
  const db = useLocalDb();
  const holdings = useLiveQuery(() => readHoldings(db), [db]);
  const storage = useStorage(holdings);

  async function protect() {
    const granted = await navigator.storage?.persist?.();
    toastNote(
      granted ? 'The browser will keep it' : 'The browser said no. Installing the app often helps.',
      granted ? 'check' : 'warn',
    );
  }

  const facts = holdings && [
    {
      label: 'Classes and people',
      text: `${countOf(holdings.classes, 'class', 'classes')}, ${countOf(holdings.people, 'person', 'people')}`,
    },
    { label: 'Tools', text: `${countOf(holdings.tools, 'tool')}, ${countOf(holdings.versions, 'version')}` },
    { label: 'Assignments', text: countOf(holdings.assignments, 'assignment') },
    { label: 'Chats', text: `${countOf(holdings.chats, 'chat')}, ${countOf(holdings.messages, 'message')}` },
    { label: 'Answers asked for', text: countOf(holdings.runs, 'run') },
    { label: 'Unsent words in boxes', text: countOf(holdings.drafts, 'draft') },
  ];
  return (
    <section aria-labelledby="holdings">
      <div className="sec-head">
        <h2 id="holdings">On this device</h2>
        <span className="muted small">
          {isOwnDevice() ? 'your own device, kept for 30 days' : 'a shared device, emptied when you sign out'}
        </span>
      </div>
      {facts === undefined ? (
        <SkeletonTable label="Counting" rows={5} />
      ) : (
        <div className="card">
          <table className="data facts">
            <tbody>
              {facts.map((fact) => (
                <tr key={fact.label}>
                  <th scope="row">{fact.label}</th>
                  <td className="num soft">{fact.text}</td>
                </tr>
              ))}
              {storage && (
                <>
                  <tr>
                    <th scope="row">Space</th>
                    <td className="num">
                      {formatBytes(storage.used)} of {formatBytes(storage.quota)}
                    </td>
                  </tr>
                  <tr>
                    <th scope="row">Protected from the browser’s clean-up</th>
                    <td className="num">
                      {storage.protectedHere ? (
                        <Chip tone="green" icon="check">
                          Yes
                        </Chip>
                      ) : (
                        <Button small onClick={() => void protect()}>
                          Protect it
                        </Button>
                      )}
                    </td>
                  </tr>
                </>
              )}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
