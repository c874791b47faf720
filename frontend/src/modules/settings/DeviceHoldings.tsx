import { type SyncTableName, syncTableNames } from '@raptscallions/zod-schemas/sync_table';
import { useLiveQuery } from 'dexie-react-hooks';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { SkeletonTable } from '../../components/Skeleton';
import { toastNote } from '../../components/toast';
import { useLocalDb } from '../../local_db/local_db_context';
import { isOwnDevice } from '../auth/device_kind';
import { readHoldings } from './device.queries';
import { tableInWords } from './table_in_words';
import type { Comparison } from './use_comparison';
import { formatBytes, type StorageState, useStorage } from './use_storage';

/** What this device holds, in numbers a person can check, and whether the browser may throw it away. */
export function DeviceHoldings({ comparison }: { comparison: Comparison }) {
  const db = useLocalDb();
  const holdings = useLiveQuery(() => readHoldings(db), [db]);
  const storage = useStorage(holdings);
  const number = new Intl.NumberFormat();
  const compared = new Map(
    'tables' in comparison ? comparison.tables.map(({ table, identical }) => [table, identical]) : [],
  );
  return (
    <section aria-labelledby="holdings">
      <div className="sec-head">
        <h2 id="holdings">On this device</h2>
        <span className="muted small">
          {isOwnDevice() ? 'your own device, kept for 30 days' : 'a shared device, emptied when you sign out'}
        </span>
      </div>
      {holdings === undefined ? (
        <SkeletonTable label="Counting" rows={5} />
      ) : (
        <div className="card">
          <table className="data facts">
            <tbody>
              {syncTableNames
                .filter((table) => holdings.rows[table] > 0 || compared.get(table) === false)
                .map((table) => (
                  <tr key={table}>
                    <th scope="row">{tableInWords(table)}</th>
                    <td className="num soft">
                      <span className="inline-flex items-center gap-3">
                        <Found table={table} compared={compared} />
                        <span className="min-w-[3ch]">{number.format(holdings.rows[table])}</span>
                      </span>
                    </td>
                  </tr>
                ))}
              <tr>
                <th scope="row">Words in boxes, not sent yet</th>
                <td className="num soft">{number.format(holdings.drafts)}</td>
              </tr>
              {storage && <Space storage={storage} />}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Found({ table, compared }: { table: SyncTableName; compared: Map<SyncTableName, boolean> }) {
  const identical = compared.get(table);
  if (identical === undefined) return null;
  return identical ? (
    <Chip tone="green" icon="check">
      Identical
    </Chip>
  ) : (
    <Chip tone="warm" icon="warn">
      Different
    </Chip>
  );
}

function Space({ storage: { used, quota, protectedHere } }: { storage: StorageState }) {
  async function protect() {
    const granted = await navigator.storage?.persist?.();
    toastNote(
      granted ? 'The browser will keep it' : 'The browser said no. Installing the app often helps.',
      granted ? 'check' : 'warn',
    );
  }
  return (
    <>
      <tr>
        <th scope="row">Space</th>
        <td className="num">
          {formatBytes(used)} of {formatBytes(quota)}
        </td>
      </tr>
      <tr>
        <th scope="row">Protected from the browser’s clean-up</th>
        <td className="num">
          {protectedHere ? (
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
  );
}
