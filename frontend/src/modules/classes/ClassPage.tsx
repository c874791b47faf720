import { may } from '@raptscallions/policies/ability';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import { Link, useNavigate } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { Button, buttonClass } from '../../components/Button';
import { countOf } from '../../components/count_of';
import { Icon } from '../../components/Icon';
import { IconButton } from '../../components/IconButton';
import { Menu, MenuItem } from '../../components/Menu';
import { NotHere } from '../../components/NotHere';
import { PageHead } from '../../components/PageHead';
import { SkeletonPage } from '../../components/Skeleton';
import { useNow } from '../../components/use_now';
import { useLocalDb } from '../../local_db/local_db_context';
import { useSyncStatus } from '../../sync/use_sync_status';
import { AssignDialog } from '../assignments/AssignDialog';
import { useMe, useTaughtClassIds } from '../auth/me_context';
import { useUndoableEdit } from '../edits/use_undoable_edit';
import { ClassAssignments } from './ClassAssignments';
import { readClassDetail } from './class.queries';
import { PupilClassPage } from './PupilClassPage';
import { RenameClassDialog } from './RenameClassDialog';
import { Roster } from './Roster';

/** One class: what it works on and who is in it. `find` fills the search of the roster. */
export function ClassPage({ classId, find }: { classId: ClassId; find?: string }) {
  const db = useLocalDb();
  const me = useMe();
  const now = useNow();
  const undoableEdit = useUndoableEdit();
  const navigate = useNavigate();
  const { firstLoad } = useSyncStatus();
  const taught = useTaughtClassIds();
  const [dialog, setDialog] = useState<'assign' | 'rename' | null>(null);
  const detail = useLiveQuery(() => readClassDetail(db, classId), [db, classId]);
  if (detail === undefined || (detail === null && firstLoad)) return <SkeletonPage />;
  if (detail === null) {
    return (
      <NotHere title="This class is not on this device" back="/classes" backLabel="All classes">
        It may have been archived, or you are no longer in it.
      </NotHere>
    );
  }
  if (me.role === 'student') return <PupilClassPage detail={detail} />;

  const { row } = detail;
  const rights = {
    assign: may(me.ability, 'create', 'Assignment', { classId, groupId: row.groupId }),
    change: may(me.ability, 'update', 'Class', row),
    archive: may(me.ability, 'delete', 'Class', row),
    chats: me.actor.classRoles.some((role) => role.classId === classId && role.role === 'teacher'),
    members: may(me.ability, 'create', 'ClassMember', { classId, groupId: row.groupId }),
  };

  async function archive() {
    await undoableEdit({
      name: 'classes.archive',
      args: { classId, archived: true },
      opposite: { name: 'classes.archive', args: { classId, archived: false } },
      done: `${row.name} archived`,
      icon: 'archive',
    });
    await navigate({ to: '/classes' });
  }

  return (
    <main className="main" id="main">
      <PageHead
        title={row.name}
        above={
          <>
            <Link to="/classes">Classes</Link> <span className="muted">/ {detail.groupName}</span>
          </>
        }
        actions={
          <>
            {taught.includes(classId) && (
              <Link className={buttonClass()} to="/chats" search={{ classId }}>
                <Icon name="chat" />
                {countOf(detail.sessionCount, 'chat')}
              </Link>
            )}
            {rights.assign && (
              <Button look="primary" icon="task" onClick={() => setDialog('assign')}>
                Assign a tool
              </Button>
            )}
            {(rights.change || rights.archive) && (
              <Menu trigger={<IconButton icon="more" label={`More for ${row.name}`} />}>
                {rights.change && (
                  <MenuItem icon="edit" onSelect={() => setDialog('rename')}>
                    Rename
                  </MenuItem>
                )}
                {rights.archive && (
                  <MenuItem icon="archive" onSelect={() => void archive()}>
                    Archive
                  </MenuItem>
                )}
              </Menu>
            )}
          </>
        }
      >
        {[row.subject, countOf(detail.pupils.length, 'pupil'), countOf(detail.teachers.length, 'teacher')]
          .filter(Boolean)
          .join(', ')}
      </PageHead>
      <div className="sections">
        <ClassAssignments
          detail={detail}
          now={now}
          mayChange={rights.assign}
          seesChats={rights.chats}
          onAssign={() => setDialog('assign')}
        />
        <Roster
          detail={detail}
          mayChange={rights.members}
          mayGivePasswords={rights.members || taught.includes(classId)}
          find={find}
        />
      </div>
      {dialog === 'assign' && <AssignDialog target={{ classId }} onClose={() => setDialog(null)} />}
      {dialog === 'rename' && <RenameClassDialog row={row} onClose={() => setDialog(null)} />}
    </main>
  );
}
