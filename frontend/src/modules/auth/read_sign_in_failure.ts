/** Where a failed sign-in is shown: at a field, or (null) over the form. */
export type SignInProblem = { field: 'email' | 'password' | null; message: string };

function textOf(failure: unknown, key: string): string {
  if (typeof failure !== 'object' || failure === null || !(key in failure)) return '';
  const value = Object.entries(failure).find(([name]) => name === key)?.[1];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/**
 * A sentence for whatever signing in threw. Wrong e-mail and wrong password look alike, so that nobody can
 * find out here which addresses have an account.
 */
export function readSignInFailure(failure: unknown): SignInProblem {
  const code = textOf(failure, 'code');
  const status = textOf(failure, 'status');
  if (code === 'RATE_LIMIT_EXCEEDED' || status === '429') {
    return { field: null, message: 'Too many tries for this account. Wait a minute, then try again.' };
  }
  if (code === 'FORBIDDEN' || code === 'EMAIL_NOT_VERIFIED' || status === '403') {
    return {
      field: 'email',
      message: textOf(failure, 'message') || 'This account cannot sign in. Your school’s IT knows why.',
    };
  }
  if (code === 'INVALID_EMAIL') return { field: 'email', message: 'This is not a complete e-mail address.' };
  if (code.includes('INVALID') || code === 'UNAUTHORIZED' || status === '401' || status === '400') {
    return { field: 'password', message: 'E-mail and password do not belong together. Check both.' };
  }
  if (failure instanceof TypeError) {
    return { field: null, message: 'The server does not answer. Check the network, then try again.' };
  }
  return {
    field: null,
    message: textOf(failure, 'message') || 'The server could not sign you in. Try again in a moment.',
  };
}
