import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { signInLinkId } from '@raptscallions/zod-schemas/auth.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';

export type LinkTokens = {
  /** what stands behind the # of a link */
  tokenOf(id: RichId<'signinlink'>): string;
  /** the link a token was made for; null for anything that is not ours */
  idOf(token: string): RichId<'signinlink'> | null;
};

/**
 * Tokens of sign-in links: the link's id and a code of 256 bits made of it with the server's key. So the database
 * holds nothing that lets anybody in, not even a hash to try guesses on, a mail that is sent again needs nothing
 * stored, and a token that was made up is refused without a look at the database.
 */
export function createLinkTokens(secret: string): LinkTokens {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'sign-in links', 32));
  const codeOf = (id: string) => createHmac('sha256', key).update(id).digest();
  return {
    tokenOf: (id) => `${id.slice(id.indexOf('-') + 1)}.${codeOf(id).toString('base64url')}`,
    idOf: (token) => {
      const [ulid = '', code = ''] = token.split('.', 2);
      const id = signInLinkId.safeParse(`signinlink-${ulid}`);
      if (!id.success) return null;
      const given = Buffer.from(code, 'base64url');
      const right = codeOf(id.data);
      return given.length === right.length && timingSafeEqual(given, right) ? id.data : null;
    },
  };
}
