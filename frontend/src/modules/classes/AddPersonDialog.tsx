import type { ClassRole } from '@raptscallions/zod-schemas/class.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { User } from '@raptscallions/zod-schemas/user.zod';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { Avatar } from '../../components/Avatar';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { EmptyState } from '../../components/EmptyState';
import { SearchBox } from '../../components/SearchBox';
import { SkeletonList } from '../../components/Skeleton';
import { ToggleGroup } from '../../components/ToggleGroup';
import { toastNote } from '../../components/toast';
import { useLocalDb } from '../../local_db/local_db_context';
import { useEdit } from '../../sync/sync_context';
import { type ClassDetail, findPeople } from './class.queries';

const roles: { value: ClassRole; label: string }[] = [
  { value: 'student', label: 'As a pupil' },
  { value: 'teacher', label: 'As a teacher' },
];

/** Puts people this device knows into a class, several in a row. */
export function AddPersonDialog({ detail, onClose }: { detail: ClassDetail; onClose: () => void }) {
  const db = useLocalDb();
  const edit = useEdit();
  const [search, setSearch] = useState('');
  const [role, setRole] = useState<ClassRole>('student');
  const people = useLiveQuery(() => findPeople(db, search, detail), [db, search, detail]);

  async function add(user: User) {
    await edit('classes.addMember', {
      classMemberId: newId('classmember'),
      classId: detail.row.classId,
      userId: user.userId,
      role,
    });
    toastNote(`${user.name} is now in ${detail.row.name}`);
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Add people to ${detail.row.name}`}
      description="People your school has already. Your school’s IT adds new ones."
    >
      <div className="dialog-body">
        <div className="hint-row">
          <SearchBox label="Find a name" value={search} onChange={setSearch} />
          <ToggleGroup label="Role in the class" choices={roles} value={role} onChange={setRole} />
        </div>
        {people === undefined ? (
          <SkeletonList label="Loading people" />
        ) : people.length === 0 ? (
          <EmptyState title="Nobody by that name">
            {search
              ? 'Try a shorter part of the name.'
              : 'Everybody your school has is in this class already.'}
          </EmptyState>
        ) : (
          <ul className="list card">
            {people.map(({ user, place }) => (
              <li key={user.userId}>
                <Avatar name={user.name} />
                <div className="grow">
                  <b className="break">{user.name}</b>
                  {place && <p className="small soft">{place}</p>}
                </div>
                <Button small aria-label={`Add ${user.name}`} onClick={() => void add(user)}>
                  Add
                </Button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
