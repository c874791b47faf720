import type { RosterRun } from '@raptscallions/zod-schemas/roster.zod';
import { Icon, type IconName } from '../../components/Icon';
import { formatCount, totalsOf } from './describe_run';

type Stage = { name: string; note: string; state: 'done' | 'now' | 'still' | 'broken'; icon: IconName };

/** The way of a run from the upload to the school, with the place where it is. */
export function RunStages({ run }: { run: RosterRun }) {
  return (
    <ol aria-label="Progress" className="run-stages">
      {stagesOf(run).map(({ name, note, state, icon }) => (
        <li
          aria-current={state === 'now' ? 'step' : undefined}
          className={state === 'still' ? undefined : state}
          key={name}
        >
          <span className="knob">
            <Icon name={icon} />
          </span>
          <b>{name}</b>
          <small>{note}</small>
        </li>
      ))}
    </ol>
  );
}

function stagesOf({ status, work, rowsRead, counts }: RosterRun): Stage[] {
  const { added, changed, ended } = totalsOf(counts);
  const read = status !== 'open' && status !== 'failed';
  const at =
    work === 'reading' ? 1 : work === 'comparing' ? 2 : read ? (work ? 4 : 3) : status === 'open' ? 0 : 1;
  const over = ['applied', 'undone', 'discarded', 'undo'].includes(status) && work === null;
  const here = status === 'failed' ? 'broken' : 'now';
  const stateOf = (place: number) => (over || place < at ? 'done' : place === at ? here : 'still');
  const decided = { applied: 'Applied', undone: 'Taken back', discarded: 'Discarded', undo: 'Applied' };
  const last = status in decided ? decided[status as keyof typeof decided] : 'Applied';
  const waits = status === 'held' ? 'a brake holds it' : 'it waits for your word';
  return [
    {
      name: 'Received',
      note: work === 'waiting' && !read ? 'waiting for a worker' : '',
      state: stateOf(0),
      icon: 'file',
    },
    {
      name: status === 'failed' ? 'Not read' : 'Read',
      note: `${formatCount(counts.rows ?? rowsRead)} rows`,
      state: stateOf(1),
      icon: status === 'failed' ? 'warn' : 'eye',
    },
    {
      name: 'Compared',
      note: read ? `${formatCount(added + changed + ended)} differences` : 'with what is here now',
      state: stateOf(2),
      icon: 'search',
    },
    {
      name: status === 'held' ? 'Held' : 'Decision',
      note: at === 3 && !over ? waits : '',
      state: stateOf(3),
      icon: status === 'held' ? 'pause' : 'person',
    },
    {
      name: last,
      note: work === 'applying' ? 'being done now' : over ? '' : 'nothing applied yet',
      state: stateOf(4),
      icon: status === 'undone' ? 'undo' : status === 'discarded' ? 'x' : 'check',
    },
  ];
}
