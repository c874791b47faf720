import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import { readKey, roleNames, statusNames } from '@raptscallions/zod-schemas/role_names';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { writeCsv } from '@raptscallions/zod-schemas/write_csv';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { countOf } from '../../components/count_of';
import { type Column, DataTable } from '../../components/DataTable';
import { EmptyState } from '../../components/EmptyState';
import { PageHead } from '../../components/PageHead';
import { SearchBox } from '../../components/SearchBox';
import { SkeletonTable } from '../../components/Skeleton';
import { saveFile } from '../../components/save_file';
import { useLocalDb } from '../../local_db/local_db_context';
import { useMe } from '../auth/me_context';
import { ImportPeopleDialog } from './ImportPeopleDialog';
import { InviteDialog } from './InviteDialog';
import { PersonDialog } from './PersonDialog';
import { type PeopleFilter, type Person, readPeople, readPerson } from './people.queries';

const pageSize = 100;

/** Everybody in the groups one looks after: to find, invite, give roles, suspend. */
export function PeoplePage() {
  const db = useLocalDb();
  const me = useMe();
  const [filter, setFilter] = useState<PeopleFilter>({ search: '', groupId: null, role: null, status: null });
  const [shown, setShown] = useState(pageSize);
  const [opened, setOpened] = useState<UserId | null>(null);
  const [dialog, setDialog] = useState<'invite' | 'import' | null>(null);
  const people = useLiveQuery(() => readPeople(db, filter), [db, filter]);
  const groups = me.groups
    .filter(({ groupId }) => me.actor.adminGroupIds.includes(groupId))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const narrow = (changes: Partial<PeopleFilter>) => {
    setFilter({ ...filter, ...changes });
    setShown(pageSize);
  };
  // Not out of the list: what is done to somebody may be just what it is narrowed by.
  const found = useLiveQuery(
    async () => opened && { userId: opened, person: await readPerson(db, opened) },
    [db, opened],
  );
  const current = found && found.userId === opened ? found : null; // not what was read for the one before
  if (current && !current.person) setOpened(null);

  return (
    <main className="main" id="main">
      <PageHead
        actions={
          <>
            <Button icon="plus" look="primary" onClick={() => setDialog('invite')}>
              Add
            </Button>
            <Button icon="file" onClick={() => setDialog('import')}>
              From a file
            </Button>
            <Button icon="download" onClick={() => save(people ?? [])}>
              CSV
            </Button>
          </>
        }
        title="People"
      >
        {people ? `${countOf(people.length, 'person', 'people')} in the groups you look after.` : ''}
      </PageHead>
      <div className="row wrap filters">
        <SearchBox
          label="Find a name or address"
          onChange={(search) => narrow({ search })}
          value={filter.search}
        />
        <select
          aria-label="Group"
          className="input"
          onChange={({ target }) =>
            narrow({ groupId: groups.find(({ groupId }) => groupId === target.value)?.groupId ?? null })
          }
          value={filter.groupId ?? ''}
        >
          <option value="">All groups</option>
          {groups.map(({ groupId, name }) => (
            <option key={groupId} value={groupId}>
              {name}
            </option>
          ))}
        </select>
        <select
          aria-label="Role"
          className="input"
          onChange={({ target }) => narrow({ role: readKey(roleNames, target.value) })}
          value={filter.role ?? ''}
        >
          <option value="">All roles</option>
          {Object.entries(roleNames).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
        <select
          aria-label="Status"
          className="input"
          onChange={({ target }) => narrow({ status: readKey(statusNames, target.value) })}
          value={filter.status ?? ''}
        >
          <option value="">Any status</option>
          {Object.entries(statusNames).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {people === undefined ? (
        <SkeletonTable label="Loading people" rows={5} />
      ) : people.length === 0 ? (
        <EmptyState
          action={
            <Button onClick={() => narrow({ search: '', groupId: null, role: null, status: null })}>
              Show everybody
            </Button>
          }
          level={2}
          title="Nobody fits"
        >
          Try a shorter part of the name, or fewer filters.
        </EmptyState>
      ) : (
        <>
          <DataTable
            columns={columns(setOpened)}
            label="People"
            rowKey={({ user }) => user.userId}
            rows={people.slice(0, shown)}
          />
          {people.length > shown && (
            <p className="load-more">
              <Button onClick={() => setShown(shown + pageSize)}>
                Show more of {people.length - shown} others
              </Button>
            </p>
          )}
        </>
      )}
      {current?.person && (
        <PersonDialog groups={groups} onClose={() => setOpened(null)} person={current.person} />
      )}
      {dialog === 'invite' && <InviteDialog groups={groups} onClose={() => setDialog(null)} />}
      {dialog === 'import' && <ImportPeopleDialog groups={groups} onClose={() => setDialog(null)} />}
    </main>
  );
}

const columns = (open: (userId: UserId) => void): Column<Person>[] => [
  {
    key: 'name',
    head: 'Name',
    cell: ({ user, email, username }) => (
      <>
        <b className="break">{user.name}</b>
        <p className="small muted break">{email ?? username ?? 'no address'}</p>
      </>
    ),
  },
  {
    key: 'roles',
    head: 'Role',
    cell: ({ memberships }) =>
      memberships.map(({ groupMemberId, role, groupName }) => (
        <p className="small" key={groupMemberId}>
          {roleNames[role]}, {groupName}
        </p>
      )),
  },
  { key: 'classes', head: 'Classes', number: true, wideOnly: true, cell: ({ classCount }) => classCount },
  {
    key: 'status',
    head: 'Status',
    cell: ({ user }) => (
      <Chip
        icon={user.status === 'active' ? 'check' : user.status === 'suspended' ? 'lock' : 'clock'}
        tone={user.status === 'active' ? undefined : user.status === 'suspended' ? 'alert' : 'wait'}
      >
        {statusNames[user.status]}
      </Chip>
    ),
  },
  {
    key: 'open',
    head: <span className="sr">Open</span>,
    cell: ({ user }) => (
      <Button aria-label={`Open ${user.name}`} onClick={() => open(user.userId)} small>
        Open
      </Button>
    ),
  },
];

/**
 * One line for each role of a person, with the columns an import has. It is for other programs: an import takes new
 * people only, and would refuse all of these.
 */
function save(people: Person[]): void {
  const rows = people.flatMap(({ user, email, username, memberships }) =>
    memberships.map(({ groupName, role }) => [
      user.name,
      email,
      username,
      groupName,
      roleNames[role],
      statusNames[user.status],
    ]),
  );
  const head = ['name', 'email', 'username', 'group', 'role', 'status'];
  saveFile('people.csv', 'text/csv', writeCsv(head, rows));
}

export type AdminGroup = { groupId: GroupId; name: string; path: string };
