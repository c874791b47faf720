import type { Group } from '@raptscallions/zod-schemas/group.zod';
import { useLiveQuery } from 'dexie-react-hooks';
import { type CSSProperties, useState } from 'react';
import { Button } from '../../components/Button';
import { type Column, DataTable } from '../../components/DataTable';
import { IconButton } from '../../components/IconButton';
import { Menu, MenuItem } from '../../components/Menu';
import { PageHead } from '../../components/PageHead';
import { SkeletonTable } from '../../components/Skeleton';
import { useLocalDb } from '../../local_db/local_db_context';
import { useMe } from '../auth/me_context';
import { useUndoableEdit } from '../edits/use_undoable_edit';
import { findTopGroup } from './find_top_group';
import { GroupDialog } from './GroupDialog';
import { type GroupLine, readGroupLines } from './group.queries';
import { kindNames } from './kind_names';
import { MoveGroupDialog } from './MoveGroupDialog';
import { SchoolCodeDialog } from './SchoolCodeDialog';

type Opened = { kind: 'new' | 'change' | 'move' | 'code'; group: Group };

/** The tree of schools and departments one looks after. */
export function GroupsPage() {
  const db = useLocalDb();
  const me = useMe();
  const undoableEdit = useUndoableEdit();
  const [opened, setOpened] = useState<Opened | null>(null);
  const lines = useLiveQuery(() => readGroupLines(db), [db]);
  const groupOf = (line: GroupLine) =>
    me.groups.find(({ groupId }) => groupId === line.groupId && me.actor.adminGroupIds.includes(groupId));

  async function archive({ groupId, name }: Group) {
    await undoableEdit({
      name: 'groups.archive',
      args: { groupId, archived: true },
      opposite: { name: 'groups.archive', args: { groupId, archived: false } },
      done: `${name} archived`,
      icon: 'archive',
    });
  }

  const columns: Column<GroupLine>[] = [
    {
      key: 'name',
      head: 'Group',
      cell: ({ name, kind, depth }) => {
        const style: CSSProperties = { paddingInlineStart: `${depth * 1.25}rem` };
        return (
          <span style={style}>
            <b className="break">{name}</b> <span className="small muted">{kindNames[kind]}</span>
          </span>
        );
      },
    },
    { key: 'classes', head: 'Classes', number: true, cell: (line) => line.classes },
    { key: 'teachers', head: 'Teachers', number: true, wideOnly: true, cell: (line) => line.teachers },
    { key: 'pupils', head: 'Pupils', number: true, wideOnly: true, cell: (line) => line.pupils },
    {
      key: 'more',
      head: <span className="sr">What can be done</span>,
      cell: (line) => {
        const group = groupOf(line);
        if (!group) return null;
        const inner = group.parentGroupId !== null && me.actor.adminGroupIds.includes(group.parentGroupId);
        return (
          <Menu trigger={<IconButton icon="more" label={`More for ${line.name}`} />}>
            <MenuItem icon="plus" onSelect={() => setOpened({ kind: 'new', group })}>
              Add a group inside
            </MenuItem>
            <MenuItem icon="edit" onSelect={() => setOpened({ kind: 'change', group })}>
              Name, looks, how long chats are kept
            </MenuItem>
            {group.parentGroupId === null && (
              <MenuItem icon="key" onSelect={() => setOpened({ kind: 'code', group })}>
                School code
              </MenuItem>
            )}
            {inner && (
              <MenuItem icon="right" onSelect={() => setOpened({ kind: 'move', group })}>
                Move into another group
              </MenuItem>
            )}
            {inner && (
              <MenuItem icon="archive" onSelect={() => void archive(group)}>
                Archive
              </MenuItem>
            )}
          </Menu>
        );
      },
    },
  ];
  const top = findTopGroup(me.groups.filter(({ groupId }) => me.actor.adminGroupIds.includes(groupId)));

  return (
    <main className="main" id="main">
      <PageHead
        actions={
          top && (
            <Button icon="plus" look="primary" onClick={() => setOpened({ kind: 'new', group: top })}>
              New group
            </Button>
          )
        }
        title="Groups"
      >
        Schools, departments and whatever else you sort people and classes by. Rights and looks reach down the
        tree.
      </PageHead>
      {lines === undefined ? (
        <SkeletonTable label="Loading groups" />
      ) : (
        <DataTable columns={columns} label="Groups" rowKey={({ groupId }) => groupId} rows={lines} />
      )}
      {opened?.kind === 'new' && <GroupDialog onClose={() => setOpened(null)} parent={opened.group} />}
      {opened?.kind === 'change' && <GroupDialog group={opened.group} onClose={() => setOpened(null)} />}
      {opened?.kind === 'code' && <SchoolCodeDialog group={opened.group} onClose={() => setOpened(null)} />}
      {opened?.kind === 'move' && <MoveGroupDialog group={opened.group} onClose={() => setOpened(null)} />}
    </main>
  );
}
