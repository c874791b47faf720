import type { SessionEntry } from './chat.queries';
import { compareByNeed, describeSession, type SessionState } from './describe_session';

/** `active` holds those being answered too, `idle` those that are paused. */
export type StateFilter = 'all' | 'failed' | 'active' | 'idle' | 'completed';

type SessionLine = { entry: SessionEntry; state: SessionState };

/**
 * The sessions that fit, by need. Every word must begin a part of the pupil's name or stand in the title, so
 * that "fi oc" finds Finn O'Connell. `now` in epoch ms.
 */
export function filterSessions(
  entries: readonly SessionEntry[],
  wanted: { words: string; state: StateFilter; now: number },
): SessionLine[] {
  const words = plain(wanted.words).split(/\s+/).filter(Boolean);
  return entries
    .map((entry) => ({ entry, state: describeSession(entry.session, entry.lastRun, wanted.now) }))
    .filter(({ entry, state }) => fitsState(state, wanted.state) && fitsWords(entry, words))
    .sort((a, b) => compareByNeed({ ...a, session: a.entry.session }, { ...b, session: b.entry.session }));
}

export function countStates(lines: readonly SessionLine[]): Record<StateFilter, number> {
  const count = (filter: StateFilter) => lines.filter(({ state }) => fitsState(state, filter)).length;
  return {
    all: lines.length,
    failed: count('failed'),
    active: count('active'),
    idle: count('idle'),
    completed: count('completed'),
  };
}

function fitsState(state: SessionState, filter: StateFilter): boolean {
  if (filter === 'all' || state === filter) return true;
  return filter === 'active' ? state === 'writing' : filter === 'idle' && state === 'paused';
}

function fitsWords(entry: SessionEntry, words: readonly string[]): boolean {
  const parts = plain(entry.pupil).split(/[\s'’-]+/);
  const title = plain(entry.title);
  return words.every((word) => parts.some((part) => part.startsWith(word)) || title.includes(word));
}

/** Without case and accents, so that "muller" finds Müller. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
}
