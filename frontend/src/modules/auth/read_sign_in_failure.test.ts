import { describe, expect, it } from 'vitest';
import { readSignInFailure } from './read_sign_in_failure';

describe('readSignInFailure', () => {
  it('says the same for an unknown e-mail and a wrong password', () => {
    const unknown = readSignInFailure({ status: 401, code: 'INVALID_EMAIL_OR_PASSWORD' });
    const wrong = readSignInFailure({ status: 401, code: 'INVALID_PASSWORD' });
    expect(unknown).toEqual(wrong);
    expect(unknown.field).toBe('password');
  });

  it('asks to wait when there were too many tries', () => {
    expect(readSignInFailure({ status: 429 }).message).toMatch(/wait a minute/i);
  });

  it('blames the network when no answer came', () => {
    expect(readSignInFailure(new TypeError('Failed to fetch')).message).toMatch(/network/i);
  });

  it('never shows an empty sentence', () => {
    for (const failure of [null, undefined, 'x', {}, new Error(''), { status: 500 }]) {
      expect(readSignInFailure(failure).message.length).toBeGreaterThan(10);
    }
  });
});
