import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { userId } from '@raptscallions/zod-schemas/user.zod';
import { z } from 'zod';
import { api } from './client';

const accountKey = 'rapt.account';

const AccountZod = z.object({
  userId,
  tenantId,
  name: z.string(),
  aiProvider: z.enum(['practice', 'gateway']),
  /** on a device others use too: after how many ms without a touch whoever is there is signed out */
  idleMs: z.number().nullable().default(null),
});
/** Who is signed in on this device, remembered so that the shell opens without a network. No secret in it. */
export type Account = z.infer<typeof AccountZod>;

const listeners = new Set<() => void>();
let read: { text: string | null; account: Account | null } = { text: null, account: null };

/** The same object until the account changes, as `useSyncExternalStore` wants it; null: nobody is signed in. */
export function currentAccount(): Account | null {
  const text = localStorage.getItem(accountKey);
  if (text !== read.text) read = { text, account: parseAccount(text) };
  return read.account;
}

function parseAccount(text: string | null): Account | null {
  if (text === null) return null;
  try {
    return AccountZod.parse(JSON.parse(text));
  } catch {
    return null; // of an older version: sign in once more
  }
}

function rememberAccount(account: Account | null): void {
  if (account) localStorage.setItem(accountKey, JSON.stringify(AccountZod.parse(account)));
  else localStorage.removeItem(accountKey);
  for (const listener of listeners) listener();
}

/** Calls back when somebody signs in or out, in this tab or in another; returns how to stop that. */
export function subscribeAccount(listener: () => void): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key === accountKey || event.key === null) listener();
  };
  listeners.add(listener);
  window.addEventListener('storage', onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', onStorage);
  };
}

export type DeviceContext = 'personal' | 'shared' | 'unknown';
export type SignInInput = {
  /** an e-mail, or a username with the code of its school */
  by: { email: string } | { username: string; schoolCode: string };
  password: string;
  rememberMe: boolean;
  deviceContext: DeviceContext;
};

export type SignInFailure =
  | 'credentials'
  | 'suspended'
  | 'code_changed'
  | 'rate_limited'
  | 'offline'
  | 'server';

export class SignInError extends Error {
  override name = 'SignInError';
  constructor(
    readonly failure: SignInFailure,
    /** seconds until another try has a chance, where the server said so */
    readonly retryAfter: number | null = null,
  ) {
    super(`sign-in failed: ${failure}`);
  }
}

const unfinishedKey = 'rapt.unfinished_sign_out';
const failures: Record<number, SignInFailure> = {
  400: 'credentials',
  401: 'credentials',
  429: 'rate_limited',
};

/** A refusal has several reasons (a request from another site is one); only these are about the account. */
async function readFailure(response: Response): Promise<SignInFailure> {
  const body = [403, 409].includes(response.status) ? await response.json().catch(() => null) : null;
  const said = ReasonZod.safeParse(body).data?.details.reason;
  return said ? reasons[said] : (failures[response.status] ?? 'server');
}
const reasons = { ACCOUNT_SUSPENDED: 'suspended', SCHOOL_CODE_CHANGED: 'code_changed' } as const;
const ReasonZod = z.object({
  details: z.object({ reason: z.enum(['ACCOUNT_SUSPENDED', 'SCHOOL_CODE_CHANGED']) }),
});

async function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
}

/**
 * Signs in and remembers the account on this device.
 * @throws SignInError
 */
export async function signIn({ by, deviceContext, ...credentials }: SignInInput): Promise<Account> {
  const path = 'email' in by ? 'sign-in/email' : 'sign-in/username';
  const response = await post(path, { ...by, ...credentials }, { 'x-device-context': deviceContext }).catch(
    () => {
      throw new SignInError('offline');
    },
  );
  if (!response.ok) {
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
    throw new SignInError(await readFailure(response), Number.isFinite(retryAfter) ? retryAfter : null);
  }
  return enterAccount();
}

/**
 * Asks who the session of this browser is and remembers them on this device: the end of every sign-in.
 * @throws SignInError
 */
export async function enterAccount(): Promise<Account> {
  const { userId, tenantId, name, aiProvider, idleMs } = await api.me().catch(() => {
    throw new SignInError('server');
  });
  const account: Account = { userId, tenantId, name, aiProvider, idleMs };
  // The new cookie replaces the one a sign-out could not end.
  localStorage.removeItem(unfinishedKey);
  rememberAccount(account);
  return account;
}

const ProviderAnswerZod = z.object({ url: z.url() });

/**
 * Where to send the browser so that an identity provider says who is there. It comes back to `/signed-in`, or to
 * `/sign-in?error=…`.
 * @param to the path to show in the end
 * @throws SignInError
 */
export async function startProviderSignIn(
  provider: string,
  deviceContext: DeviceContext,
  to: string,
): Promise<string> {
  const callbackURL = `/signed-in?to=${encodeURIComponent(to)}`;
  const response = await post(
    'sign-in/social',
    { provider, callbackURL },
    { 'x-device-context': deviceContext },
  ).catch(() => {
    throw new SignInError('offline');
  });
  const answer = ProviderAnswerZod.safeParse(response.ok ? await response.json().catch(() => null) : null);
  if (!answer.success) throw new SignInError('server');
  return answer.data.url;
}

/**
 * Forgets the account at once and ends its session on the server, now or, without a network, by
 * {@link finishSignOut}: the cookie is out of reach of scripts.
 */
export async function signOut(): Promise<void> {
  localStorage.setItem(unfinishedKey, 'yes');
  rememberAccount(null);
  await finishSignOut();
}

/** Ends the session of a sign-out that had no network. Call it at start and when the network is back. */
export async function finishSignOut(): Promise<void> {
  if (localStorage.getItem(unfinishedKey) === null) return;
  const ended = await post('sign-out', {}).then(
    (response) => response.ok || response.status === 401,
    () => false,
  );
  if (ended) localStorage.removeItem(unfinishedKey);
}
