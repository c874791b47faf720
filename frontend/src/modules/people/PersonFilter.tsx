import { roleNames } from '@raptscallions/zod-schemas/role_names';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { Button } from '../../components/Button';
import { countOf } from '../../components/count_of';
import { SearchBox } from '../../components/SearchBox';
import { useLocalDb } from '../../local_db/local_db_context';
import { findPeople, type Person, readPerson } from './people.queries';

const mostShown = 8;

/** Whom a list is narrowed to; null: nobody is chosen, undefined: still being read. */
export function usePerson(userId: UserId | undefined): Person | null | undefined {
  const db = useLocalDb();
  const read = useLiveQuery(
    async () => ({ userId, person: userId ? await readPerson(db, userId) : null }),
    [db, userId],
  );
  return read?.userId === userId ? read?.person : undefined; // not the one before
}

/**
 * Narrows a list to one person, chosen among all who fit: of namesakes the first one found is as likely the wrong one.
 * @param chosen whom it is narrowed to
 */
export function PersonFilter({
  chosen,
  onChoose,
}: {
  chosen: Person | null | undefined;
  onChoose: (userId: UserId | undefined) => void;
}) {
  const db = useLocalDb();
  const [search, setSearch] = useState('');
  /** the box one typed in is gone then, and the focus with it */
  const [picked, setPicked] = useState(false);
  const found = useLiveQuery(() => findPeople(db, search), [db, search]);

  if (chosen) {
    return (
      <div className="row wrap filters">
        <span className="break">
          Only <b>{chosen.user.name}</b> <span className="small muted">{describe(chosen)}</span>
        </span>
        <Button autoFocus={picked} icon="x" onClick={() => onChoose(undefined)} small>
          Everybody
        </Button>
      </div>
    );
  }
  return (
    <>
      <div className="row wrap filters">
        <SearchBox label="Find a person" onChange={setSearch} value={search} />
      </div>
      {search.trim() !== '' && found && (
        <p className="small muted" role="status">
          {found.length === 0
            ? 'Nobody of that name: this is everybody’s.'
            : `${countOf(found.length, 'person fits', 'people fit')}: choose one.`}
          {found.length > mostShown && ` The first ${mostShown} are shown; type more of the name.`}
        </p>
      )}
      {found && found.length > 0 && (
        <ul aria-label="People who fit" className="list card slim mt-2 mb-4">
          {found.slice(0, mostShown).map((person) => (
            <li key={person.user.userId}>
              <span className="grow break">
                <b>{person.user.name}</b> <span className="small muted">{describe(person)}</span>
              </span>
              <Button
                aria-label={`Only ${person.user.name}, ${describe(person)}`}
                onClick={() => {
                  setPicked(true);
                  setSearch('');
                  onChoose(person.user.userId);
                }}
                small
              >
                Choose
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** What tells namesakes apart. */
function describe({ email, username, memberships }: Person): string {
  const places = memberships.map(({ role, groupName }) => `${roleNames[role]}, ${groupName}`);
  return [email ?? username, ...places].filter(Boolean).join('; ') || 'in no group';
}
