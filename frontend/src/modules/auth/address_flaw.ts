import { emailInput } from '@raptscallions/zod-schemas/auth.zod';

/** What is wrong with an e-mail address somebody types, as a sentence; null when the server will take it. */
export function addressFlaw(text: string): string | null {
  return emailInput.safeParse(text).success ? null : 'Type an address like name@school.org.';
}
