import type { EditArgs } from '@raptscallions/zod-schemas/edit.zod';
import type { Group, GroupTheme } from '@raptscallions/zod-schemas/group.zod';
import { liesIn } from '@raptscallions/zod-schemas/group_path';

/** What a group says of itself, as it is written in its dialog. */
export type GroupForm = Pick<Group, 'name' | 'kind'> & GroupTheme & { retentionDays: number | null };
type GroupRow = Pick<Group, 'path' | 'settings'>;

export function formOf({ name, kind, settings: { theme, retentionDays } }: Group): GroupForm {
  return { name, kind, accent: theme?.accent, logo: theme?.logo, retentionDays: retentionDays ?? null };
}

/**
 * Only what was changed here, so that nothing is put back that somebody else has changed since the dialog was opened.
 * @param now the group as it is by now: a theme is replaced as a whole
 * @returns null when nothing was changed
 */
export function groupChanges(
  before: GroupForm,
  after: GroupForm,
  now: Group,
): EditArgs<'groups.update'> | null {
  const differs = (key: keyof GroupForm) => before[key] !== after[key];
  const args: EditArgs<'groups.update'> = { groupId: now.groupId };
  if (differs('name')) args.name = after.name;
  if (differs('kind')) args.kind = after.kind;
  if (differs('retentionDays')) args.retentionDays = after.retentionDays;
  if (differs('accent') || differs('logo')) {
    const current = now.settings.theme ?? {};
    const accent = differs('accent') ? after.accent : current.accent;
    const logo = differs('logo') ? after.logo : current.logo;
    args.theme = accent || logo ? { accent, logo } : null;
  }
  return Object.keys(args).length > 1 ? args : null;
}

/**
 * After how many days chats of a group would be erased by a change that erases them sooner than now; null: by none.
 * The nearest group upwards that says anything counts, as on the server.
 * @param days what the group itself would say; null: nothing
 */
export function erasesSooner(
  group: GroupRow,
  days: number | null,
  groups: readonly GroupRow[],
): number | null {
  const above = groups
    .filter(({ path }) => path !== group.path && liesIn(group.path, path))
    .sort((a, b) => b.path.length - a.path.length)
    .map(({ settings }) => settings.retentionDays)
    .find((each) => each !== undefined);
  const keeps = (own: number | null | undefined) => own ?? above ?? Number.POSITIVE_INFINITY;
  const after = keeps(days);
  return after < keeps(group.settings.retentionDays) ? after : null;
}
