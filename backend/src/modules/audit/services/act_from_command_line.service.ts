import { actorFrom } from '@raptscallions/policies/actor';
import type { AuditedAction } from '@raptscallions/zod-schemas/audit.zod';
import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { commandLineUserId } from '@raptscallions/zod-schemas/user.zod';
import { enterTenant } from '../../../db/enter_tenant';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { App, CommandContext } from '../../../procedures/context';
import { recordAction } from './record_action.service';

/** What a command works with; the wall of `db` lets it see the tenant that was entered only. */
export type CommandTools = CommandContext['app'] & Pick<App, 'db'>;

/** `topGroupId`: the group under which all others hang. */
type Work<I, T> = (ctx: CommandContext & { topGroupId: GroupId }, input: I) => Promise<T>;

/**
 * Calls a service for whoever has the machine, who looks after the whole school: in the same transaction and behind
 * the same wall as a procedure. What reads sees the open transaction.
 * @throws AppError NOT_FOUND for a tenant without a group, and whatever the service throws
 */
export async function readFromCommandLine<I, T>(
  tools: CommandTools,
  tenantId: TenantId,
  input: I,
  service: Work<I, T>,
): Promise<T> {
  const { db } = tools;
  return enterTenant(db, tenantId, async () => {
    const rows = await db.groups.where(stored({ tenantId })).select('groupId', 'path', 'parentGroupId');
    const groups = rows.map(({ groupId, path }) => ({ groupId, path: String(path) }));
    const top = rows.find(({ parentGroupId }) => parentGroupId === null);
    if (!top) throw new AppError('NOT_FOUND', 'The tenant has no group yet.');
    const { groupId: topGroupId } = top;
    const actor = actorFrom(commandLineUserId, [{ groupId: topGroupId, role: 'system_admin' }], [], groups);
    return service({ app: tools, tenantId, actor, db, dbRO: db, topGroupId }, input);
  });
}

/** The same for what changes something: it is in the audit log, which says that it was done there. */
export function actFromCommandLine<I, T>(
  tools: CommandTools,
  { tenantId, action }: { tenantId: TenantId; action: AuditedAction },
  input: I,
  service: Work<I, T>,
): Promise<T> {
  return readFromCommandLine(tools, tenantId, input, (ctx) =>
    recordAction(ctx, { action, readInput: async () => input, answerOf: (answer) => answer }, () =>
      service(ctx, input),
    ),
  );
}
