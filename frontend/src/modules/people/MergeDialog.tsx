import type { PersonMerge } from '@raptscallions/zod-schemas/person_merge.zod';
import { roleNames } from '@raptscallions/zod-schemas/role_names';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { api } from '../../api/client';
import { ProofDeclined, withFreshSession } from '../../api/fresh_session';
import { readFailure } from '../../api/read_failure';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Refusal } from '../../components/Refusal';
import { toastNote } from '../../components/toast';
import { useLocalDb } from '../../local_db/local_db_context';
import { type Person, readPeople } from './people.queries';
import { tellConflict } from './tell_conflict';

/** How many of those who fit are offered; more letters find the others. */
const offered = 6;

/** Finds the second account of a person, says what would become of both, and makes them one. */
export function MergeDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const db = useLocalDb();
  const { userId, name } = person.user;
  const [search, setSearch] = useState('');
  const [duplicate, setDuplicate] = useState<Person | null>(null);
  const [merge, setMerge] = useState<PersonMerge | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  /** a second press would ask for what is being done already */
  const [busy, setBusy] = useState(false);
  const found = useLiveQuery(async () => {
    if (search.trim() === '') return [];
    const people = await readPeople(db, { search, groupId: null, role: null, status: null });
    return people.filter(({ user }) => user.userId !== userId).slice(0, offered);
  }, [db, search, userId]);

  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (busy) return undefined;
    setBusy(true);
    setFailure(null);
    try {
      return await withFreshSession(work);
    } catch (caught) {
      if (!(caught instanceof ProofDeclined)) setFailure(readFailure(caught));
      return undefined;
    } finally {
      setBusy(false);
    }
  }

  async function choose(other: Person) {
    const read = await attempt(() => api.people.readMerge({ userId, duplicateUserId: other.user.userId }));
    if (!read) return;
    setDuplicate(other);
    setMerge(read);
  }

  async function mergeThem() {
    if (!merge || !duplicate) return;
    const done = await attempt(() => api.people.merge({ userId, duplicateUserId: merge.duplicateUserId }));
    if (!done) return;
    toastNote(`${duplicate.user.name} is merged into ${name}`);
    onClose();
  }

  return (
    <Dialog
      description={`${person.email ?? person.username ?? 'No address'}. This account stays.`}
      onClose={onClose}
      open
      title={`Merge a duplicate into ${name}`}
    >
      <div className="dialog-body sections">
        <Refusal>{failure}</Refusal>
        {!merge && (
          <section aria-label="The second account" className="stack">
            <label className="stack">
              The other account of the same person
              <input
                autoComplete="off"
                className="input"
                onChange={({ target }) => setSearch(target.value)}
                placeholder="Name, address or user name"
                value={search}
              />
            </label>
            {search.trim() !== '' && found?.length === 0 && <p className="muted">Nobody fits.</p>}
            {found && found.length > 0 && (
              <ul className="list card">
                {found.map((other) => (
                  <li key={other.user.userId}>
                    <span className="grow break">
                      <b>{other.user.name}</b> <span className="muted">{describe(other)}</span>
                    </span>
                    <Button onClick={() => void choose(other)}>Compare</Button>
                  </li>
                ))}
              </ul>
            )}
          </section>
        )}
        {merge && duplicate && (
          <>
            <section aria-label="What goes along" className="stack">
              <p>
                From the account of <b>{duplicate.user.name}</b> ({describe(duplicate)}) to this one:
              </p>
              {Object.keys(merge.moves).length === 0 ? (
                <p className="muted">Nothing. There is nothing in it.</p>
              ) : (
                <ul className="list card">
                  {Object.entries(merge.moves).map(([what, count]) => (
                    <li key={what}>
                      <span className="grow">{what}</span>
                      <b>{count}</b>
                    </li>
                  ))}
                </ul>
              )}
            </section>
            {merge.conflicts.length > 0 && (
              <section aria-label="Where the two differ" className="stack">
                <p>Where the two differ:</p>
                <ul className="list card">
                  {merge.conflicts.map((conflict) => (
                    <li className="break" key={JSON.stringify(conflict)}>
                      {tellConflict(conflict)}
                    </li>
                  ))}
                </ul>
              </section>
            )}
            <p>
              The account of {duplicate.user.name} is closed then, and signed out everywhere.{' '}
              <b>This cannot be undone.</b>
            </p>
          </>
        )}
      </div>
      <div className="dialog-foot">
        {merge && (
          <Button
            aria-busy={busy}
            blockedBecause={merge.blockedBecause}
            icon="users"
            onClick={() => void mergeThem()}
          >
            Merge for good
          </Button>
        )}
        <Button look="quiet" onClick={merge ? () => setMerge(null) : onClose}>
          {merge ? 'Choose another' : 'Cancel'}
        </Button>
      </div>
    </Dialog>
  );
}

function describe({ email, username, memberships }: Person): string {
  const places = memberships.map(({ groupName, role }) => `${roleNames[role]}, ${groupName}`);
  return [email ?? username ?? 'no address', ...places].join(' · ');
}
