import { type Ability, may } from '@raptscallions/policies/ability';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { Things } from '../build_mirror_school';
import { forAll, listedFor, readersOfChat } from './callers';
import type { Right } from './right';

const mayReadRun = (ability: Ability, { classId, pupilId }: Things) =>
  may(ability, 'read', 'Run', { classId, userId: pupilId, hidden: false });

const mayChat =
  (action: 'read' | 'update') =>
  (ability: Ability, { classId, pupilId }: Things) =>
    may(ability, action, 'ChatSession', { classId, userId: pupilId, hiddenAt: null });

/** How all of it reaches a browser. */
export const syncRights: Record<string, Right> = {
  'sync.pull': {
    input: ({ classId, pupilId }) => ({
      syncClientId: newId('device'),
      cursor: null,
      scopes: [`class:${classId}:staff`, `user:${pupilId}`],
    }),
    looksFor: ({ chatSessionId }) => chatSessionId,
    ...listedFor(readersOfChat),
    policy: mayChat('read'),
  },
  // It counts what its caller's own position shows, and says nothing to anybody who does not stand there.
  'sync.digest': {
    input: ({ classId }) => ({
      syncClientId: newId('device'),
      cursor: 'of nobody',
      scopes: [`class:${classId}:staff`],
    }),
    ...forAll('does'),
    reads: true,
  },
  'sync.sealKey': {
    input: () => undefined,
    ...forAll('does'),
    reads: true,
  },
  // Whether an edit was refused is a row of its own; the test of pushed edits holds each against its line here.
  'sync.push': {
    input: ({ classId }) => ({
      syncClientId: newId('device'),
      mutations: [{ mid: 1, name: 'classes.update', args: { classId, name: 'Pushed' } }],
    }),
    ...forAll('does'),
  },
  // Served at its own address, outside of the router, which says so to whoever is signed in.
  'sync.stream': {
    input: () => ({ syncClientId: newId('device'), streamId: 'stream-of-a-test', cursor: null, scopes: [] }),
    ...forAll('BAD_REQUEST'),
    reads: true,
  },
  'sync.watch': {
    input: ({ runId }) => ({ streamId: 'stream-of-a-test', runIds: [runId] }),
    looksFor: ({ runId }) => runId,
    ...listedFor(readersOfChat),
    policy: mayReadRun,
  },
};
