import { z } from 'zod';
import { richId } from './rich_id';
import { timestampNumber } from './timestamp';
import { userId } from './user.zod';

/**
 * What is kept in the audit log, by the path of its procedure, and how a line of the log says it. Everything a
 * person does to others' affairs or reads of others' words is here; a test holds the list against the router.
 */
export const auditedActions = {
  'auth.invite': 'invited a person',
  'auth.sendLink': 'sent a sign-in link',
  'auth.setStatus': 'suspended somebody, or let them in again',
  'auth.givePassword': 'gave a new password',
  'auth.setUsername': 'gave a user name',
  'auth.changeEmail': 'changed the own address',
  'auth.changePassword': 'changed the own password',
  'auth.listLinks': 'looked at sign-in links',
  'auth.listSignIns': 'looked where people are signed in',
  'auth.endSignIns': 'signed somebody out',
  'classes.create': 'made a class',
  'classes.update': 'changed a class',
  'classes.archive': 'archived a class, or brought it back',
  'classes.addMember': 'put a person into a class',
  'classes.removeMember': 'took a person out of a class',
  'groups.create': 'made a group',
  'groups.update': 'changed a group',
  'groups.move': 'moved a group',
  'groups.archive': 'archived a group, or brought it back',
  'groups.setMember': 'gave a person a role in a group',
  'groups.removeMember': 'took a person out of a group',
  'tools.publish': 'published a tool',
  'tools.archive': 'archived a tool, or brought it back',
  'assignments.create': 'gave a tool to a class',
  'assignments.update': 'changed an assignment',
  'assignments.remove': 'took an assignment back, or gave it again',
  'chat.pause': 'paused a chat, or let it go on',
  'chat.recordView': 'read a chat',
  'chat.replay': 'replayed a chat as it happened',
  'products.recordView': 'read a result',
  'runs.inspectPrompt': 'read what was sent to the AI',
  'rosters.createSource': 'added a roster source',
  'rosters.updateSource': 'changed a roster source',
  'rosters.startUpload': 'began to upload a roster',
  'rosters.readUpload': 'had a roster read',
  'rosters.fetch': 'had a roster fetched from its school system',
  'rosters.decide': 'decided about a roster',
  'usage.setLimits': 'changed limits of AI use',
  'usage.setPrice': 'set the price of a model',
  'usage.removePrice': 'removed the price of a model',
  'usage.setTimeZone': 'set the time zone of budgets',
  'tenants.setSchoolCode': 'changed the school code',
  'hooks.set': 'set up a module',
  'hooks.revive': 'had a module begin again',
  'hooks.acknowledge': 'took on what a module had noted',
  'hooks.readOriginals': 'read what was held back',
  'people.merge': 'merged two accounts of a person',
  'privacy.exportPerson': 'exported what is stored about a person',
  'privacy.erasePerson': 'erased a person',
} as const;
export type AuditedAction = keyof typeof auditedActions;

export const auditEntryId = richId('auditentry');

export const ListAuditInputZod = z.union([
  z.object({ cursor: z.string().max(2_000) }),
  z.object({
    limit: z.int().min(1).max(100).default(50),
    /** who did it, or whom it concerned */
    userId: userId.optional(),
    action: z.string().max(60).optional(),
    /** milliseconds since 1970: from, and up to but without */
    from: timestampNumber.optional(),
    until: timestampNumber.optional(),
  }),
]);

export const AuditEntryZod = z.object({
  __type: z.literal('AuditEntry'),
  auditEntryId,
  at: timestampNumber,
  action: z.string(),
  /** null: somebody who has been erased since */
  actor: z.string().nullable(),
  subject: z.string().nullable(),
  /** ids, numbers and choices of the call; never words somebody wrote */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type AuditEntry = z.infer<typeof AuditEntryZod>;

export const AuditListZod = z.object({
  __type: z.literal('AuditList'),
  items: z.array(AuditEntryZod),
  /** null: this was the last page */
  cursor: z.string().nullable(),
});
