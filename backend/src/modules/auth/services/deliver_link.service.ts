import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { stored, storedId } from '../../../db/stored_id';
import type { Mailer } from '../../../lib/mailer';
import type { LinkTokens } from '../link_tokens';
import { linkUrl, writeLinkMail } from '../write_link_mail';
import { linkState } from './read_link.service';

export type MailTools = {
  /** of the system role */
  db: Db;
  tokens: LinkTokens;
  /** null: no mail server is configured, and links are kept for an administrator to hand over */
  mailer: Mailer | null;
  /** where browsers reach us */
  origin: string;
};

/**
 * Sends the mail of a link that still opens something, once as far as that can be: a worker that dies between the
 * mail server's word and the record of it sends the same mail, by its id, again.
 * @throws what the mail server said, to be tried again
 */
export async function deliverLink(
  { db, tokens, mailer, origin }: MailTools,
  { tenantId, signInLinkId }: { tenantId: TenantId; signInLinkId: RichId<'signinlink'> },
): Promise<void> {
  const ids = stored({ tenantId, signInLinkId });
  const link = await db.signInLinks.findByOptional(ids);
  if (link?.delivery !== 'waiting' || linkState(link) !== 'open') return;
  const { userId, purpose, email } = link;
  if (!mailer || email === null) {
    await db.signInLinks.findBy(ids).update({ delivery: 'kept' });
    return;
  }
  const person = await db.users.findBy(stored({ tenantId, userId }));
  const tenant = await db.tenants.find(storedId(tenantId));
  const url = linkUrl(origin, tokens.tokenOf(signInLinkId));
  const mail = writeLinkMail({ purpose, name: person.name, schoolName: tenant.name, url });
  try {
    await mailer.send({ messageId: signInLinkId, to: email, ...mail });
  } catch (error) {
    const problem = (error instanceof Error ? error.message : String(error)).slice(0, 300);
    await db.signInLinks.findBy(ids).update({ problem });
    throw error;
  }
  await db.signInLinks.findBy(ids).update({ delivery: 'sent', problem: null });
}
