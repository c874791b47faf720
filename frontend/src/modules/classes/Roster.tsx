import { useState } from 'react';
import { Avatar } from '../../components/Avatar';
import { Button } from '../../components/Button';
import { Chip } from '../../components/Chip';
import { countOf } from '../../components/count_of';
import { EmptyState } from '../../components/EmptyState';
import { fold } from '../../components/fold';
import { IconButton } from '../../components/IconButton';
import { SearchBox } from '../../components/SearchBox';
import { GivePasswordDialog } from '../auth/GivePasswordDialog';
import { useUndoableEdit } from '../edits/use_undoable_edit';
import { AddPersonDialog } from './AddPersonDialog';
import type { ClassDetail, RosterEntry } from './class.queries';

/** Who is in the class: teachers, then pupils, by name. */
export function Roster({
  detail,
  mayChange,
  mayGivePasswords,
  find = '',
}: {
  detail: ClassDetail;
  mayChange: boolean;
  /** whoever teaches the class */
  mayGivePasswords: boolean;
  find?: string;
}) {
  const undoableEdit = useUndoableEdit();
  const [search, setSearch] = useState(find);
  const [adding, setAdding] = useState(false);
  const [giving, setGiving] = useState<RosterEntry | null>(null);
  const all = [...detail.teachers, ...detail.pupils];
  const shown = all.filter(({ user }) => fold(user.name).includes(fold(search.trim())));

  async function remove({ member, user }: RosterEntry) {
    const { classId, userId, role, classMemberId } = member;
    await undoableEdit({
      name: 'classes.removeMember',
      args: { classMemberId },
      opposite: { name: 'classes.addMember', args: { classId, userId, role, classMemberId } },
      done: `${user.name} removed from ${detail.row.name}`,
      icon: 'users',
    });
  }

  return (
    <section aria-labelledby="roster">
      <div className="sec-head tools-head">
        <h2 id="roster">Roster</h2>
        <span className="muted small">{countOf(all.length, 'person', 'people')}</span>
        <div className="row end-tools">
          {all.length > 8 && <SearchBox label="Find a name" value={search} onChange={setSearch} />}
          {mayChange && (
            <Button icon="plus" onClick={() => setAdding(true)}>
              Add person
            </Button>
          )}
        </div>
      </div>
      <div className="card">
        {all.length === 0 ? (
          <EmptyState
            title="An empty classroom"
            action={
              mayChange && (
                <Button look="primary" icon="plus" onClick={() => setAdding(true)}>
                  Add a person
                </Button>
              )
            }
          >
            {mayChange ? 'Add a teacher and the pupils.' : 'Your school’s IT fills the roster.'}
          </EmptyState>
        ) : shown.length === 0 ? (
          <EmptyState
            title={`Nobody here is called “${search}”`}
            action={<Button onClick={() => setSearch('')}>Show everybody</Button>}
          />
        ) : (
          <ul className="list roster">
            {shown.map((entry) => (
              <li key={entry.member.classMemberId}>
                <Avatar name={entry.user.name} />
                <div className="grow">
                  <b className="break">{entry.user.name}</b>
                  {entry.address && <p className="small soft clip">{entry.address}</p>}
                </div>
                {entry.member.role === 'teacher' ? (
                  <Chip>Teacher</Chip>
                ) : (
                  entry.sessions > 0 && <span className="small muted">{countOf(entry.sessions, 'chat')}</span>
                )}
                {mayGivePasswords && entry.member.role === 'student' && (
                  <IconButton
                    icon="key"
                    small
                    label={`New password for ${entry.user.name}`}
                    onClick={() => setGiving(entry)}
                  />
                )}
                {mayChange && (
                  <IconButton
                    icon="x"
                    small
                    label={`Remove ${entry.user.name}`}
                    onClick={() => void remove(entry)}
                  />
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
      {giving && (
        <GivePasswordDialog
          userId={giving.user.userId}
          name={giving.user.name}
          onClose={() => setGiving(null)}
        />
      )}
      {adding && <AddPersonDialog detail={detail} onClose={() => setAdding(false)} />}
    </section>
  );
}
