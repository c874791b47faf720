import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { networkOf } from './client_address';
import { limiter, take } from './limiter';

const hour = 3_600;
/** Mails that strangers can cause in an hour: to one address, wherever they are asked for, and from one network. */
const perAddress = 5;
const perNetwork = 60;

/** Keeps the "forgot my password" page from filling somebody's mailbox. Asked alike for addresses nobody has. */
export function createMailLimit(pool: Pool): { take(email: string, address: string): Promise<void> } {
  const toAddress = limiter(pool, 'mail', perAddress, hour);
  const fromNetwork = limiter(pool, 'mail-net', perNetwork, hour);
  return {
    take: async (email, address) => {
      await take(fromNetwork, networkOf(address), perNetwork);
      await take(toAddress, createHash('sha256').update(email).digest('base64url'), perAddress);
    },
  };
}
