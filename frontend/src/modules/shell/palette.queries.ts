import type { GroupRole } from '@raptscallions/zod-schemas/group.zod';
import { fold } from '../../components/fold';
import type { IconName } from '../../components/Icon';
import type { LocalDb } from '../../local_db/local_db';
import { footNavigation, mainNavigation } from './navigation';

export type PaletteEntry = {
  key: string;
  section: 'Pages' | 'Do' | 'Work' | 'Classes' | 'People' | 'Tools';
  icon: IconName;
  label: string;
  note?: string;
  /** an address of this app */
  href: string;
};

const most = 6;

/** Everything on this device one could go to, whose words begin like those of `search`, by section. */
export async function findEntries(
  db: LocalDb,
  search: string,
  role: GroupRole,
  makesTools: boolean,
): Promise<PaletteEntry[]> {
  const words = fold(search).split(/\s+/).filter(Boolean);
  const matches = (label: string) => {
    const parts = fold(label).split(/[\s\-–"“”(),.]+/);
    return words.every((word) => parts.some((part) => part.startsWith(word)) || fold(label).includes(word));
  };
  const pages: PaletteEntry[] = [...mainNavigation(role), ...footNavigation].map((item) => ({
    key: item.to,
    section: 'Pages',
    icon: item.icon,
    label: item.label,
    href: item.to,
  }));
  const deeds: PaletteEntry[] = makesTools
    ? [{ key: 'new tool', section: 'Do', icon: 'plus', label: 'Make a new tool', href: '/tools/new' }]
    : [];
  const rows = words.length > 0 ? await readRows(db, role) : [];
  const found = [...rows, ...deeds, ...pages].filter((entry) => matches(entry.label));
  const taken = new Map<string, number>();
  return found.filter((entry) => {
    const count = (taken.get(entry.section) ?? 0) + 1;
    taken.set(entry.section, count);
    return count <= most || entry.section === 'Pages';
  });
}

async function readRows(db: LocalDb, role: GroupRole): Promise<PaletteEntry[]> {
  const [classes, members, users, tools, assignments] = await Promise.all([
    db.classes.toArray(),
    db.classMembers.toArray(),
    db.users.toArray(),
    db.tools.toArray(),
    db.assignments.toArray(),
  ]);
  const className = new Map(classes.map((row) => [row.classId, row.name]));
  const userName = new Map(users.map((row) => [row.userId, row.name]));
  const work = assignments.map(
    (row): PaletteEntry => ({
      key: row.assignmentId,
      section: 'Work',
      icon: 'task',
      label: row.title,
      note: className.get(row.classId),
      href: role === 'student' ? `/assignments/${row.assignmentId}` : `/classes/${row.classId}`,
    }),
  );
  if (role === 'student') return work;
  const people = new Map<string, PaletteEntry>();
  for (const member of members) {
    const name = userName.get(member.userId);
    const place = className.get(member.classId);
    if (member.role !== 'student' || !name || !place) continue;
    const known = people.get(member.userId);
    if (known) known.note = `${known.note}, ${place}`;
    else {
      const href = `/classes/${member.classId}?find=${encodeURIComponent(name)}`;
      people.set(member.userId, {
        key: member.userId,
        section: 'People',
        icon: 'person',
        label: name,
        note: place,
        href,
      });
    }
  }
  return [
    ...[...people.values()].sort((a, b) => a.label.localeCompare(b.label)),
    ...classes.map(
      (row): PaletteEntry => ({
        key: row.classId,
        section: 'Classes',
        icon: 'users',
        label: row.name,
        note: row.subject ?? undefined,
        href: `/classes/${row.classId}`,
      }),
    ),
    ...tools.map(
      (row): PaletteEntry => ({
        key: row.toolId,
        section: 'Tools',
        icon: 'tool',
        label: row.name,
        note: row.publishedToolVersionId ? undefined : 'draft',
        href: `/tools/${row.toolId}`,
      }),
    ),
    ...work,
  ];
}
