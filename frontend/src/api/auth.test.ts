import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const me = vi.hoisted(() => vi.fn());
vi.mock('./client', () => ({ api: { me } }));

import { currentAccount, finishSignOut, signIn, signOut, subscribeAccount } from './auth';

const account = {
  userId: newId('user'),
  tenantId: newId('tenant'),
  name: 'Amina',
  aiProvider: 'practice' as const,
  idleMs: 1_200_000,
};
const input = {
  by: { email: 'amina@school.example' },
  password: 'secret',
  rememberMe: true,
  deviceContext: 'shared' as const,
};
const fetched = vi.fn<typeof fetch>();

/** As much of a browser as signing in touches. */
class FakeStorage {
  readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.items.set(key, value);
  removeItem = (key: string) => void this.items.delete(key);
}
let storage: FakeStorage;
let page: EventTarget;

beforeEach(() => {
  storage = new FakeStorage();
  page = new EventTarget();
  vi.stubGlobal('localStorage', storage);
  vi.stubGlobal('window', page);
  vi.stubGlobal('fetch', fetched);
  fetched.mockReset().mockImplementation(async () => new Response('{}', { status: 200 }));
  me.mockReset().mockResolvedValue({ __type: 'MePrivate', ...account });
});
afterEach(() => vi.unstubAllGlobals());

describe('auth', () => {
  it('remembers who signed in, so that the shell opens without a network, and tells who listens', async () => {
    const told = vi.fn();
    const stop = subscribeAccount(told);
    expect(await signIn(input)).toEqual(account);
    expect(currentAccount()).toEqual(account);
    expect(currentAccount()).toBe(currentAccount());
    expect(told).toHaveBeenCalledOnce();
    stop();
    const [path, init] = fetched.mock.calls[0] ?? [];
    expect(path).toBe('/api/auth/sign-in/email');
    expect(JSON.parse(String(init?.body))).toEqual({
      email: 'amina@school.example',
      password: 'secret',
      rememberMe: true,
    });
    expect(new Headers(init?.headers).get('x-device-context')).toBe('shared');
    expect([...storage.items.values()].join()).not.toContain('secret');
  });

  it.each([
    [401, 'credentials', null, '{}'],
    [403, 'suspended', null, '{"details":{"reason":"ACCOUNT_SUSPENDED"}}'],
    [403, 'server', null, '{"error":"This request came from another site.","code":"FORBIDDEN"}'],
    [403, 'server', null, 'a proxy says no'],
    [409, 'code_changed', null, '{"details":{"reason":"SCHOOL_CODE_CHANGED"}}'],
    [429, 'rate_limited', 30, '{}'],
    [500, 'server', null, '{}'],
  ])('says why a sign-in failed: %i is %s', async (status, failure, retryAfter, body) => {
    const headers: Record<string, string> = retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
    fetched.mockImplementation(async () => new Response(body, { status, headers }));
    await expect(signIn(input)).rejects.toMatchObject({ name: 'SignInError', failure, retryAfter });
    expect(currentAccount()).toBeNull();
  });

  it('says that there is no network', async () => {
    fetched.mockRejectedValue(new TypeError('fetch failed'));
    await expect(signIn(input)).rejects.toMatchObject({ failure: 'offline' });
  });

  it('forgets the account at once and ends the session when the network is back', async () => {
    await signIn(input);
    fetched.mockReset().mockRejectedValue(new TypeError('fetch failed'));
    await signOut();
    expect(currentAccount()).toBeNull();
    fetched.mockReset().mockImplementation(async () => new Response('{}', { status: 200 }));
    await finishSignOut();
    expect(fetched.mock.calls.map(([path]) => path)).toEqual(['/api/auth/sign-out']);
    await finishSignOut();
    expect(fetched).toHaveBeenCalledOnce();
  });

  it('hears of a sign-out in another tab', () => {
    const told = vi.fn();
    const stop = subscribeAccount(told);
    page.dispatchEvent(Object.assign(new Event('storage'), { key: 'rapt.theme' }));
    expect(told).not.toHaveBeenCalled();
    page.dispatchEvent(Object.assign(new Event('storage'), { key: 'rapt.account' }));
    expect(told).toHaveBeenCalledOnce();
    stop();
  });

  it('takes an account it cannot read for nobody', () => {
    localStorage.setItem('rapt.account', '{"userId":"of an older version"}');
    expect(currentAccount()).toBeNull();
  });
});
