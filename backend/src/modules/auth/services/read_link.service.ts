import { closedLink, type SignInLinkPublic } from '@raptscallions/zod-schemas/auth.zod';
import type { Db } from '../../../db/db';
import { stored, storedId } from '../../../db/stored_id';
import type { LinkTokens } from '../link_tokens';

/**
 * What a link would do, for the page it leads to. Looking does not use it up: mail programs open links too.
 * @param db of the system role
 */
export async function readLink(db: Db, tokens: LinkTokens, token: string): Promise<SignInLinkPublic> {
  const signInLinkId = tokens.idOf(token);
  const link = signInLinkId
    ? await db.signInLinks.findByOptional({ signInLinkId: storedId(signInLinkId) })
    : undefined;
  const state = link ? linkState(link) : 'unknown';
  const person =
    link && state === 'open'
      ? await db.users.findByOptional(stored({ tenantId: link.tenantId, userId: link.userId }))
      : undefined;
  if (!link || !person || person.status === 'suspended') {
    return closedLink(state === 'open' ? 'expired' : state);
  }
  const tenant = await db.tenants.find(storedId(link.tenantId));
  const contact = await db.userContacts.findByOptional(
    stored({ tenantId: link.tenantId, userId: link.userId }),
  );
  return {
    __type: 'SignInLinkPublic',
    state,
    purpose: link.purpose,
    name: person.name,
    schoolName: tenant.name,
    email: link.email,
    username: contact?.username ?? null,
    schoolCode: tenant.schoolCode,
  };
}

/** Whether a link still opens anything. */
export function linkState({ usedAt, expiresAt }: { usedAt: number | null; expiresAt: number }) {
  if (usedAt !== null) return 'used' as const;
  return expiresAt > Date.now() ? ('open' as const) : ('expired' as const);
}
