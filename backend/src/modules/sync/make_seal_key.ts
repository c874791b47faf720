import { hkdfSync } from 'node:crypto';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';

const keyBytes = 32;

/**
 * The key with which a browser locks what somebody leaves unsent on a device. It follows from the server's
 * secret, so it is stored nowhere and comes back with that person's sign-in, and with nothing else. A new
 * secret makes older locks impossible to open.
 * @returns base64 of 32 bytes, for AES-256
 */
export function makeSealKey(secret: string, userId: UserId): string {
  const key = hkdfSync('sha256', secret, 'raptscallions', `unsent edits of ${userId}`, keyBytes);
  return Buffer.from(key).toString('base64');
}
