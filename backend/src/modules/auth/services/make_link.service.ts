import type { LinkPurpose } from '@raptscallions/zod-schemas/auth.zod';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { stored } from '../../../db/stored_id';
import type { Enqueue } from '../../../procedures/context';
import { deliverLinkTask } from '../auth.event';

const hour = 60 * 60_000;
/** How long a link is worth something, in milliseconds. */
const linkMs: Record<LinkPurpose, number> = {
  invitation: 7 * 24 * hour,
  reset: hour,
  verification: 24 * hour,
};

type MakeLinkInput = {
  tenantId: TenantId;
  /** where a repeated task must find it again; never a caller's choice */
  signInLinkId?: RichId<'signinlink'>;
  userId: UserId;
  purpose: LinkPurpose;
  email: string | null;
};

/**
 * Makes a link and asks for its delivery, in the open transaction. The older ones of its kind end with it, so that
 * only the last mail of several works.
 */
export async function makeLink(db: Db, enqueue: Enqueue, input: MakeLinkInput): Promise<void> {
  const { tenantId, userId, purpose, signInLinkId = newId('signinlink') } = input;
  await endLinks(db, { tenantId, userId, purposes: [purpose] });
  await db.signInLinks.create({ ...input, signInLinkId, expiresAt: Date.now() + linkMs[purpose] });
  await enqueue(deliverLinkTask, { tenantId, signInLinkId });
}

/** What was sent to somebody before is worth nothing from now on. */
export async function endLinks(
  db: Db,
  { tenantId, userId, purposes }: { tenantId: TenantId; userId: UserId; purposes: LinkPurpose[] },
): Promise<void> {
  const now = Date.now();
  await db.signInLinks
    .where({
      ...stored({ tenantId, userId }),
      purpose: { in: purposes },
      expiresAt: { gt: new Date(now) },
      usedAt: null,
    })
    .update({ expiresAt: now });
}
