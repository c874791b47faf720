import {
  type Group,
  GroupThemeZod,
  groupAccent,
  groupKind,
  retentionDays,
} from '@raptscallions/zod-schemas/group.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Field } from '../../components/Field';
import { FileField } from '../../components/FileField';
import { fold } from '../../components/fold';
import { TextField } from '../../components/TextField';
import { useEdit } from '../../sync/sync_context';
import { useMe } from '../auth/me_context';
import { erasesSooner, formOf, groupChanges } from './group_changes';
import { kindNames } from './kind_names';
import { readDataUrl } from './read_data_url';

const accentNames: Record<string, string> = {
  scallion: 'Scallion green',
  lagoon: 'Lagoon blue',
  plum: 'Plum',
  brick: 'Brick red',
};

type Props = { onClose: () => void } & (
  | { group: Group; parent?: undefined }
  | { group?: undefined; parent: Group }
);

/** A new group inside of `parent`, or a change of `group`. */
export function GroupDialog({ group, parent, onClose }: Props) {
  const me = useMe();
  const edit = useEdit();
  const [name, setName] = useState(group?.name ?? '');
  const [kind, setKind] = useState(group?.kind ?? 'department');
  const [accent, setAccent] = useState(group?.settings.theme?.accent ?? '');
  const [logo, setLogo] = useState(group?.settings.theme?.logo);
  const [problem, setProblem] = useState<string | null>(null);
  const [days, setDays] = useState(group?.settings.retentionDays?.toString() ?? '');
  /** after how many days chats would be erased, and nobody has said yet that they may be */
  const [asks, setAsks] = useState<number | null>(null);
  const parentGroupId = group ? group.parentGroupId : parent.groupId;
  const taken = me.groups.some(
    (other) =>
      other.parentGroupId === parentGroupId &&
      other.groupId !== group?.groupId &&
      fold(other.name) === fold(name.trim()),
  );
  const kept = days.trim() === '' ? null : retentionDays.safeParse(Number(days));
  const wrongDays = kept !== null && !kept.success;
  const blocked = !name.trim()
    ? 'Give it a name.'
    : taken
      ? 'Choose another name.'
      : wrongDays
        ? 'Mend the number of days.'
        : null;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (blocked) return;
    if (parent) {
      await edit('groups.create', {
        groupId: newId('group'),
        parentGroupId: parent.groupId,
        name: name.trim(),
        kind,
      });
    } else {
      const retentionDays = kept?.data ?? null;
      const sooner = erasesSooner(group, retentionDays, me.groups);
      if (sooner !== null && sooner !== asks) {
        setAsks(sooner);
        return;
      }
      const after = {
        name: name.trim(),
        kind,
        accent: groupAccent.safeParse(accent).data,
        logo,
        retentionDays,
      };
      const now = me.groups.find(({ groupId }) => groupId === group.groupId) ?? group;
      const changes = groupChanges(formOf(group), after, now);
      if (changes) await edit('groups.update', changes);
    }
    onClose();
  }

  function chooseLogo(url: string) {
    const read = GroupThemeZod.shape.logo.safeParse(url);
    setProblem(read.success ? null : (read.error.issues[0]?.message ?? 'This picture cannot be used.'));
    if (read.success) setLogo(read.data);
  }

  return (
    <Dialog onClose={onClose} open title={group ? `Change ${group.name}` : `New group in ${parent.name}`}>
      <form className="contents" onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          <TextField
            error={taken ? 'There is a group of this name here already.' : null}
            label="Name"
            maxLength={100}
            onChange={setName}
            value={name}
          />
          <Field label="Kind">
            {(control) => (
              <select
                {...control}
                className="input"
                onChange={({ target }) => setKind(groupKind.safeParse(target.value).data ?? 'custom')}
                value={kind}
              >
                {groupKind.options.map((value) => (
                  <option key={value} value={value}>
                    {kindNames[value]}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {group && (
            <>
              <Field hint="Everybody in it and below sees it, light and dark." label="Colour">
                {(control) => (
                  <select
                    {...control}
                    className="input"
                    onChange={({ target }) => setAccent(target.value)}
                    value={accent}
                  >
                    <option value="">As the group above</option>
                    {groupAccent.options.map((value) => (
                      <option key={value} value={value}>
                        {accentNames[value]}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
              <FileField
                accept="image/png,image/jpeg,image/webp"
                error={problem}
                hint="PNG, JPEG or WebP, less than 35 kB. It stands beside the name of the school."
                label="Logo"
                mostKb={35}
                onRead={chooseLogo}
                read={readDataUrl}
              />
              {logo && (
                <p className="row">
                  <img alt="The logo as it will look" className="school-logo" src={logo} />
                  <Button look="quiet" onClick={() => setLogo(undefined)} small>
                    Without a logo
                  </Button>
                </p>
              )}
              <TextField
                error={wrongDays ? 'Write a number of days from 30 to 3650, or leave it empty.' : null}
                hint="Chats and results of this group and below are erased after so many days. Empty: as the groups above say."
                label="Keep chats for (days)"
                inputMode="numeric"
                onChange={(text) => {
                  setDays(text);
                  setAsks(null);
                }}
                value={days}
              />
            </>
          )}
        </div>
        <div className="dialog-foot">
          {asks !== null && (
            <p role="alert">
              <b>This erases chats for good:</b> those of {group?.name}, and of groups below it that say
              nothing else, which nobody has written in for {asks} days, and with them results as old.
            </p>
          )}
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button blockedBecause={blocked} look={asks === null ? 'primary' : 'danger'} type="submit">
            {!group ? 'Make group' : asks === null ? 'Save' : 'Save and erase'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
