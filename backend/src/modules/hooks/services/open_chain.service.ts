import { createHash } from 'node:crypto';
import type { HookAbout } from '@raptscallions/module-sdk/hook_context';
import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { stored } from '../../../db/stored_id';
import { HookChain } from '../hook_chain';
import type { ModuleSupervisor } from '../module_supervisor';
import type { ChatPlan } from './plan_chat.service';

/** Messages of a talk a module is told, the newest: more than it needs to follow; they are copied with every call. */
export const mostTold = 60;

type Session = {
  tenantId: TenantId;
  /** a form has none: each of its runs is a session of its own */
  chatSessionId: ChatSessionId | RichId<'run'>;
  userId: UserId;
  messageCount: number;
};

/** The modules that read along in a session, ready to be asked; reads only, and mostly nothing. */
export async function openChain(
  { db, modules }: { db: Db; modules: Pick<ModuleSupervisor, 'find' | 'call'> },
  {
    session,
    plan,
    history,
  }: { session: Session; plan: ChatPlan; history: NonNullable<HookAbout['history']> },
): Promise<HookChain> {
  const { tenantId, chatSessionId, userId, messageCount } = session;
  const { planned, tool } = plan;
  const wantsPerson = planned.some(({ name }) => modules.find(name)?.manifest.permissions.includes('person'));
  const key = keyOf(userId);
  const person = wantsPerson ? { key, name: await nameOf(db, tenantId, userId) } : undefined;
  const about = {
    session: { key: keyOf(chatSessionId), messageCount },
    tool,
    history: history.slice(-mostTold),
    person,
  };
  return new HookChain(modules, planned, about, key);
}

async function nameOf(db: Db, tenantId: TenantId, userId: UserId): Promise<string> {
  return await db.users.includeDeleted().findBy(stored({ tenantId, userId })).get('name');
}

/** A module can tell one from another by it, and nobody can find whom it means. */
function keyOf(id: RichId): string {
  return createHash('sha256').update(`module ${id}`).digest('hex').slice(0, 16);
}
