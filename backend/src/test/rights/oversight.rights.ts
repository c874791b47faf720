import { type Ability, may } from '@raptscallions/policies/ability';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { Things } from '../build_mirror_school';
import { admins, listedFor, restrictedTo } from './callers';
import type { Right } from './right';

const mayUsage =
  (action: 'read' | 'update') =>
  (ability: Ability, { groupId }: Things) =>
    may(ability, action, 'Usage', { groupId });

/** What administrators see and set: runs, modules, usage, the audit log, notifications. */
export const oversightRights: Record<string, Right> = {
  'runs.list': {
    input: () => ({ limit: 100 }),
    looksFor: ({ runId }) => runId,
    ...listedFor(admins),
    policy: (ability, { groupId }) => may(ability, 'read', 'RunPrompt', { groupId }),
  },
  'audit.list': {
    input: () => ({ limit: 100 }),
    looksFor: ({ auditEntryId }) => auditEntryId,
    ...listedFor(admins),
    policy: (ability, { groupId }) =>
      may(ability, 'manage', 'GroupMember', { groupId, userId: newId('user') }),
  },
  'notifications.list': {
    input: () => ({ limit: 100 }),
    looksFor: ({ notificationId }) => notificationId,
    ...listedFor(admins),
    policy: (ability, { groupId }) =>
      may(ability, 'manage', 'GroupMember', { groupId, userId: newId('user') }),
  },
  'runs.inspectPrompt': {
    input: ({ runId }) => ({ runPromptViewId: newId('promptview'), runId }),
    ...restrictedTo(admins),
    policy: (ability, { groupId }) => may(ability, 'read', 'RunPrompt', { groupId }),
  },
  'hooks.list': {
    input: ({ groupId }) => ({ place: { kind: 'group', groupId } }),
    ...restrictedTo(admins),
    policy: (ability, { groupId }) => may(ability, 'read', 'ModuleSetting', { groupId, ownerUserId: null }),
    reads: true,
  },
  // A tool is also its owner's.
  'hooks.set': {
    input: ({ toolId }) => ({
      place: { kind: 'tool', toolId },
      module: 'mirror',
      enabled: true,
      config: {},
      locked: false,
    }),
    ...restrictedTo(['teacher', ...admins]),
  },
  'hooks.try': {
    input: ({ groupId }) => ({
      place: { kind: 'group', groupId },
      module: 'mirror',
      hook: 'chat:before_ai',
      text: 'hello',
      config: {},
    }),
    ...restrictedTo(admins),
    policy: (ability, { groupId }) => may(ability, 'read', 'ModuleSetting', { groupId, ownerUserId: null }),
    reads: true,
  },
  'hooks.listVerdicts': {
    input: () => ({ limit: 100 }),
    looksFor: ({ hookVerdictId }) => hookVerdictId,
    ...listedFor(admins),
    policy: (ability, { groupId }) => may(ability, 'read', 'HookVerdict', { groupId }),
  },
  'hooks.readOriginals': {
    input: ({ runId }) => ({ originalViewId: newId('originalview'), runId }),
    ...restrictedTo(admins),
    policy: (ability, { groupId }) => may(ability, 'read', 'RunOriginal', { groupId }),
  },
  'hooks.revive': {
    input: ({ groupId }) => ({ place: { kind: 'group', groupId }, module: 'mirror' }),
    ...restrictedTo(admins),
  },
  'usage.overview': {
    input: ({ groupId }) => ({ groupId, days: 30 }),
    ...restrictedTo(admins),
    policy: mayUsage('read'),
    reads: true,
  },
  'usage.breakdown': {
    input: ({ groupId }) => ({ groupId, days: 30, by: 'person' }),
    ...restrictedTo(admins),
    policy: mayUsage('read'),
    reads: true,
  },
  'usage.limits': {
    input: ({ groupId }) => ({ groupId }),
    ...restrictedTo(admins),
    policy: mayUsage('read'),
    reads: true,
  },
  'usage.prices': {
    input: ({ groupId }) => ({ groupId }),
    ...restrictedTo(admins),
    policy: mayUsage('read'),
    reads: true,
  },
  'usage.setLimits': {
    input: ({ groupId }) => ({
      groupId,
      limits: { callsPerMinute: 5, callsPerHour: null, tokensPerDay: 9, monthlyBudgetMicros: 7 },
      enabledModels: ['small'],
    }),
    ...restrictedTo(admins),
    policy: mayUsage('update'),
  },
  // The whole tenant's: for whoever administers the group at its top.
  'usage.setPrice': {
    input: ({ topGroupId: groupId }) => ({ groupId, model: 'small', promptMicros: 1, completionMicros: 2 }),
    ...restrictedTo(admins),
  },
  'usage.removePrice': {
    input: ({ topGroupId: groupId }) => ({ groupId, model: 'large' }),
    ...restrictedTo(admins),
  },
  'usage.setTimeZone': {
    input: ({ topGroupId: groupId }) => ({ groupId, timeZone: 'Europe/Berlin' }),
    ...restrictedTo(admins),
  },
};
