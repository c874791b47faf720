import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { syncVersion, syncVersionHeader } from '@raptscallions/zod-schemas/sync.zod';
import type { AppClient } from './app_client';
import { guardedFetch } from './guarded_fetch';

export type ApiOptions = {
  /** for instance `https://school.example`; without a slash at the end */
  origin: string;
  fetch?: typeof globalThis.fetch;
  answerMs?: number;
  silenceMs?: number;
};

/** The typed client of everything the app asks of the server. */
export function createApi({
  origin,
  fetch = globalThis.fetch.bind(globalThis),
  answerMs = 60_000,
  silenceMs = 40_000,
}: ApiOptions): AppClient {
  const send = guardedFetch({ fetch, answerMs, silenceMs });
  const link = new RPCLink({
    url: `${origin}/rpc`,
    // Rows travel as arrays in the order of the columns: a server of another version must notice.
    headers: { [syncVersionHeader]: syncVersion },
    fetch: (request, init) => send(request, init),
  });
  return createORPCClient<AppClient>(link);
}

/** Outside a browser (tests of what imports this) there is no location, and calls fail as they do offline. */
const here = typeof location === 'undefined' ? 'http://localhost.invalid' : location.origin;

export const api = createApi({ origin: here });
