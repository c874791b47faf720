import { describe, expect, it } from 'vitest';
import { SignInError } from '../../api/auth';
import { readSignInFailure } from './read_sign_in_failure';

describe('a failed sign-in', () => {
  it('is shown at the password and never says which of the two was wrong', () => {
    const problem = readSignInFailure(new SignInError('credentials'));
    expect(problem.field).toBe('password');
    expect(problem.message).toMatch(/name and this password/i);
  });
  it('names the seconds to wait when the server did', () => {
    expect(readSignInFailure(new SignInError('rate_limited', 41.2)).message).toContain('42 seconds');
    expect(readSignInFailure(new SignInError('rate_limited')).message).toContain('a minute');
  });
  it('does not say that tries failed to somebody who was only too early', () => {
    expect(readSignInFailure(new SignInError('rate_limited', 1)).message).toMatch(/Many people/);
  });
  it('blames the network only when no answer came', () => {
    expect(readSignInFailure(new SignInError('offline')).message).toMatch(/network/);
    expect(readSignInFailure(new Error('anything')).message).not.toMatch(/network/);
  });
});
