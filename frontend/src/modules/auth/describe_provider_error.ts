const sentences: Record<string, string> = {
  access_denied: 'You have stopped at the other page, so nobody was signed in.',
  signup_disabled:
    'Nobody here has that address. Sign in with the one your school knows, or ask your school.',
  account_not_linked:
    'Your school has an account for you that is not confirmed yet. Sign in with your password, or ask your school.',
  ACCOUNT_SUSPENDED: 'This account may not sign in at the moment. Your school’s IT knows why.',
  INVALID_EMAIL_OR_PASSWORD: 'This account is not open yet. Use your invitation first, or ask your school.',
  email_not_found: 'That account has no e-mail address, so we cannot tell who you are here.',
  state_mismatch: 'That took too long, or began in another window. Try it again from here.',
};

/** A sentence for the word by which a sign-in through a provider says why it failed; null for none. */
export function describeProviderError(error: string | undefined): string | null {
  if (error === undefined) return null;
  return sentences[error] ?? 'The sign-in through the other page did not work. Try it again.';
}
