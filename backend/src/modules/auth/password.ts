import { hash, verify } from '@node-rs/argon2';

// 19 MiB and two passes: what OWASP names as the least for Argon2id, which is the default here. It runs on
// libuv's threads, four at once.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The Argon2id hash of a password, salt and cost included, as it is stored. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

/** Whether `password` is the one that was hashed; throws when `hash` is none. */
export function verifyPassword(stored: { hash: string; password: string }): Promise<boolean> {
  return verify(stored.hash, stored.password);
}
