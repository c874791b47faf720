import { passwordLength } from '@raptscallions/zod-schemas/auth.zod';

export const passwordRule = `${passwordLength.min} characters or more`;

/** What is wrong with a password somebody chooses, as a sentence; null when it will do. */
export function passwordFlaw(password: string): string | null {
  return password.length < passwordLength.min ? `Take ${passwordRule}.` : null;
}
