import type { RosterEntity, RosterRun } from '@raptscallions/zod-schemas/roster.zod';
import type { Tone } from '../../components/Chip';
import type { IconName } from '../../components/Icon';

/** What a run's state is called, with the colour and drawing that go with it. */
export function describeRun({ status, work }: Pick<RosterRun, 'status' | 'work'>): {
  word: string;
  icon: IconName;
  tone?: Tone;
} {
  if (work === 'waiting') return { word: 'Waiting for a worker', icon: 'clock', tone: 'wait' };
  if (work === 'reading') return { word: 'Being read', icon: 'live', tone: 'wait' };
  if (work === 'comparing') return { word: 'Being compared', icon: 'live', tone: 'wait' };
  if (work === 'applying') return { word: 'Being applied', icon: 'live', tone: 'wait' };
  switch (status) {
    case 'open':
      return { word: 'Uploading', icon: 'clock', tone: 'wait' };
    case 'diffed':
      return { word: 'Ready to apply', icon: 'eye', tone: 'warm' };
    case 'held':
      return { word: 'Held for you', icon: 'pause', tone: 'warm' };
    case 'applied':
      return { word: 'Applied', icon: 'check', tone: 'green' };
    case 'failed':
      return { word: 'Failed', icon: 'warn', tone: 'alert' };
    case 'discarded':
      return { word: 'Discarded', icon: 'x' };
    case 'undone':
      return { word: 'Taken back', icon: 'undo' };
    case 'undo':
      return { word: 'Took back a run', icon: 'undo' };
  }
}

/** How a run began that nobody asked for by the page. */
export function describeTrigger(trigger: RosterRun['trigger']): string {
  switch (trigger) {
    case 'schedule':
      return 'The night’s schedule';
    case 'folder':
      return 'Watched folder';
    case 'command':
      return 'Command line';
    case 'upload':
    case 'hand':
      return 'Somebody who has left';
  }
}

/** Kinds of records in the order in which they depend on each other. */
export const entityNames: Record<RosterEntity, string> = {
  org: 'Schools and departments',
  session: 'Terms',
  course: 'Courses',
  class: 'Classes',
  user: 'People',
  role: 'Roles',
  enrollment: 'Enrolments',
};

/** How many records of a kind a run adds or brings back, changes and ends. */
export function countsOf(counts: RosterRun['counts'], entity: RosterEntity) {
  const of = (op: string) => counts[`${entity}.${op}`] ?? 0;
  return { added: of('add') + of('reactivate'), changed: of('change'), ended: of('end') };
}

/** The same over all kinds. */
export function totalsOf(counts: RosterRun['counts']) {
  const totals = { added: 0, changed: 0, ended: 0 };
  for (const entity of Object.keys(entityNames) as RosterEntity[]) {
    const { added, changed, ended } = countsOf(counts, entity);
    totals.added += added;
    totals.changed += changed;
    totals.ended += ended;
  }
  return totals;
}

/** 1234567 as the reader's language writes it. */
export function formatCount(count: number): string {
  return new Intl.NumberFormat().format(count);
}
