/** Who knocks: nobody, somebody who was suspended while signed in, a pupil, and a clock with the bearer token. */
export const knockers = ['nobody', 'suspended', 'pupil', 'clock'] as const;
export type Knocker = (typeof knockers)[number];

/** `in`: the route did its work, or found fault with what was asked; `out`: sign in first; `nothing`: there is none. */
export type Welcome = 'in' | 'out' | 'nothing';

type Surface = {
  /** a request that gets as far as it can */
  ask: { method: 'GET' | 'POST'; path: string; body?: object };
  who: Record<Knocker, Welcome>;
  /** whoever calls is known by the cookie, so another site's writes are refused */
  byCookie: boolean;
  why: string;
};

const everybody = { nobody: 'in', suspended: 'in', pupil: 'in', clock: 'in' } as const;
const signedIn = { nobody: 'out', suspended: 'out', pupil: 'in', clock: 'out' } as const;
const noOne = { nobody: 'nothing', suspended: 'nothing', pupil: 'nothing', clock: 'nothing' } as const;

const asksWhetherItLives = (path: string): Surface => ({
  ask: { method: 'GET', path },
  who: everybody,
  byCookie: false,
  why: 'Whoever runs the server asks whether it lives; it says nothing else.',
});

/**
 * Everything the server answers over HTTP, by the routes of `mount_routes.ts`. Read a line as a sentence before you
 * add it: who may call it, and by what is that known?
 */
export const httpSurface: Record<string, Surface> = {
  '/health': asksWhetherItLives('/health'),
  '/meta/liveness-probe': asksWhetherItLives('/meta/liveness-probe'),
  '/ready': {
    ask: { method: 'GET', path: '/ready' },
    who: everybody,
    byCookie: false,
    why: 'A load balancer asks whether there is a database and a queue; it says no names and no addresses.',
  },
  '/api/cron-jobs/*': {
    ask: { method: 'POST', path: '/api/cron-jobs/sweep_links' },
    who: { nobody: 'out', suspended: 'out', pupil: 'out', clock: 'in' },
    byCookie: false,
    why: 'A clock outside stands in for ours; it has the bearer token of CRON_JOB_TOKEN, and no person has.',
  },
  '/api/auth/*': {
    ask: { method: 'POST', path: '/api/auth/sign-in/email', body: {} },
    who: everybody,
    byCookie: true,
    why: 'The door itself; which of its endpoints are open is the table below.',
  },
  '/api/*': {
    ask: { method: 'GET', path: '/api/v1/classes' },
    who: noOne,
    byCookie: false,
    why: 'What is no endpoint must not look like a page of the app.',
  },
  '/rpc/sync/stream': {
    ask: { method: 'POST', path: '/rpc/sync/stream', body: { json: {} } },
    who: signedIn,
    byCookie: true,
    why: 'A person’s own scopes, which the hub looks up for whoever the cookie names.',
  },
  '/rpc/sync/pull': {
    ask: { method: 'POST', path: '/rpc/sync/pull', body: { json: {} } },
    who: signedIn,
    byCookie: true,
    why: 'A person’s own scopes; the procedure of the same name stands in the table of rights.',
  },
  '/rpc/rosters/upload': {
    ask: { method: 'POST', path: '/rpc/rosters/upload' },
    who: signedIn,
    byCookie: true,
    why: 'A part of a file for a run the person has begun; whose runs are whose is tested with the rosters.',
  },
  '/rpc/*': {
    ask: { method: 'POST', path: '/rpc/me', body: {} },
    who: signedIn,
    byCookie: true,
    why: 'Every procedure stands in the table of rights by itself.',
  },
  '/*': {
    ask: { method: 'GET', path: '/' },
    who: everybody,
    byCookie: false,
    why: 'The web app, the same files for everybody; it holds nothing of any school.',
  },
};

/**
 * Every endpoint better-auth has with all our providers, and one of ours at the same door. What is not open does not
 * exist to whoever asks, signed in or not.
 */
export const authSurface: Record<string, 'open' | 'shut'> = {
  'POST /sign-in/email': 'open',
  // Ours: a user name within a school is looked up, and goes on as an address.
  'POST /sign-in/username': 'open',
  'POST /sign-in/social': 'open',
  'GET /callback/:id': 'open',
  'POST /sign-out': 'open',
  'POST /callback/:id': 'shut',
  'GET /get-session': 'shut',
  'POST /get-session': 'shut',
  'POST /sign-up/email': 'shut',
  'POST /reset-password': 'shut',
  'GET /reset-password/:token': 'shut',
  'POST /request-password-reset': 'shut',
  'POST /verify-password': 'shut',
  'GET /verify-email': 'shut',
  'POST /send-verification-email': 'shut',
  'POST /change-email': 'shut',
  'POST /change-password': 'shut',
  'POST /update-session': 'shut',
  'POST /update-user': 'shut',
  'POST /delete-user': 'shut',
  'GET /delete-user/callback': 'shut',
  'GET /list-sessions': 'shut',
  'POST /revoke-session': 'shut',
  'POST /revoke-sessions': 'shut',
  'POST /revoke-other-sessions': 'shut',
  'POST /link-social': 'shut',
  'GET /list-accounts': 'shut',
  'POST /unlink-account': 'shut',
  'POST /refresh-token': 'shut',
  'POST /get-access-token': 'shut',
  'GET /account-info': 'shut',
  'GET /ok': 'shut',
  'GET /error': 'shut',
};
