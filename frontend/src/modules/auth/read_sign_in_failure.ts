import { SignInError } from '../../api/auth';

/** Where a failed sign-in is shown: at a field, or (null) over the form. */
export type SignInProblem = { field: 'email' | 'schoolCode' | 'password' | null; message: string };

/**
 * A sentence for whatever signing in threw. Wrong e-mail and wrong password look alike, so that nobody can
 * find out here which addresses have an account.
 */
export function readSignInFailure(thrown: unknown): SignInProblem {
  const failure = thrown instanceof SignInError ? thrown.failure : 'server';
  switch (failure) {
    case 'credentials':
      return {
        field: 'password',
        message: 'This name and this password do not belong together. Check both.',
      };
    case 'suspended':
      return {
        field: 'email',
        message: 'This account may not sign in at the moment. Your school’s IT knows why.',
      };
    case 'code_changed':
      return {
        field: 'schoolCode',
        message: 'Your school has a new code, and this one counts no more. Ask your teacher for it.',
      };
    case 'rate_limited': {
      const seconds = thrown instanceof SignInError ? thrown.retryAfter : null;
      // Those of a school that comes at once are asked to wait for a second, and nobody has mistyped.
      if (seconds !== null && seconds <= 1) {
        return { field: null, message: 'Many people are signing in just now. Try again in a second.' };
      }
      const wait = seconds ? `${Math.ceil(seconds)} seconds` : 'a minute';
      return { field: null, message: `Too many tries that failed. Wait ${wait}, then try again.` };
    }
    case 'offline':
      return { field: null, message: 'The server does not answer. Check the network, then try again.' };
    case 'server':
      return { field: null, message: 'The server could not sign you in. Try again in a moment.' };
  }
}
