import { type Ability, may } from '@raptscallions/policies/ability';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { Things } from '../build_mirror_school';
import { admins, listedFor, restrictedTo } from './callers';
import type { Right } from './right';

const mayManageRosters = (ability: Ability, { topGroupId }: Things) =>
  may(ability, 'manage', 'RosterSource', { groupId: topGroupId });

/** Of the source's group; other administrators do not even learn that it is there. */
const ofRosterAdmins = { ...restrictedTo(admins), policy: mayManageRosters } satisfies Partial<Right>;

/** What school systems send. */
export const rostersRights: Record<string, Right> = {
  'rosters.listSources': {
    input: () => ({ limit: 50 }),
    looksFor: ({ rosterSourceId }) => rosterSourceId,
    ...listedFor(admins),
    policy: mayManageRosters,
  },
  'rosters.createSource': {
    input: ({ topGroupId }) => ({
      rosterSourceId: newId('rostersource'),
      rootGroupId: topGroupId,
      name: 'Another',
    }),
    own: { does: admins },
    others: 'FORBIDDEN',
    foreign: 'FORBIDDEN',
    policy: mayManageRosters,
  },
  'rosters.updateSource': {
    input: ({ rosterSourceId }) => ({ rosterSourceId, name: 'Renamed' }),
    ...ofRosterAdmins,
  },
  'rosters.startUpload': {
    input: ({ rosterSourceId }) => ({
      rosterRunId: newId('rosterrun'),
      rosterSourceId,
      fileName: 'roster.zip',
    }),
    ...ofRosterAdmins,
  },
  'rosters.readUpload': {
    input: ({ uploadRunId }) => ({ rosterRunId: uploadRunId, parts: 1 }),
    ...ofRosterAdmins,
  },
  // The mirror's source gets files, so even who may is told that it cannot be asked.
  'rosters.fetch': {
    input: ({ rosterSourceId }) => ({ rosterRunId: newId('rosterrun'), rosterSourceId }),
    own: { BAD_REQUEST: admins },
    others: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
  },
  'rosters.testConnection': {
    input: ({ rosterSourceId }) => ({ rosterSourceId }),
    own: { BAD_REQUEST: admins },
    others: 'NOT_FOUND',
    foreign: 'NOT_FOUND',
    reads: true,
  },
  'rosters.decide': {
    input: ({ rosterRunId }) => ({ rosterRunId, decision: 'discard' }),
    ...ofRosterAdmins,
  },
  'rosters.listRuns': {
    input: ({ rosterSourceId }) => ({ rosterSourceId, limit: 50 }),
    ...ofRosterAdmins,
    reads: true,
  },
  'rosters.readRun': { input: ({ rosterRunId }) => ({ rosterRunId }), ...ofRosterAdmins, reads: true },
  'rosters.listDiffs': {
    input: ({ rosterRunId }) => ({ rosterRunId, entity: 'user', op: 'add', limit: 50 }),
    ...ofRosterAdmins,
    reads: true,
  },
  'rosters.readSchools': { input: ({ rosterRunId }) => ({ rosterRunId }), ...ofRosterAdmins, reads: true },
  'rosters.listIssues': {
    input: ({ rosterRunId }) => ({ rosterRunId, limit: 50 }),
    ...ofRosterAdmins,
    reads: true,
  },
  'rosters.exportIssues': { input: ({ rosterRunId }) => ({ rosterRunId }), ...ofRosterAdmins, reads: true },
};
