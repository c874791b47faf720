import { setTimeout as sleep } from 'node:timers/promises';
import type { RosterConnection } from '@raptscallions/zod-schemas/roster.zod';
import { z } from 'zod';
import { AppError } from '../../../lib/app_error';
import { type GuardedAnswer, type GuardOptions, requestGuarded } from '../../../lib/guarded_request';
import { signOauth1 } from './sign_oauth1';

export type SchoolSystemOptions = {
  allowedHosts: string[];
  timeoutMs?: number;
  /** how often a request is made before it counts as failed */
  mostTries?: number;
  /** waits between tries, in milliseconds; tests shorten them */
  pauseMs?: (tries: number) => number;
  /** all waits together, in milliseconds: other schools wait for the place meanwhile */
  mostPausedMs?: number;
  /** of one collection: who gives more makes them up */
  mostRecords?: number;
};

/** A page of fifty thousand records is some 30 MB. */
const mostBytes = 64 * 1024 * 1024;
const usualTries = 5;
const longestWaitMs = 120_000;
const usualMostPausedMs = 15 * 60_000;
const usualMostRecords = 5_000_000;
const TokenZod = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().optional() });

const scopes = {
  '1.1': ['roster-core.readonly', 'roster.readonly'].map(
    (scope) => `https://purl.imsglobal.org/spec/or/v1p1/scope/${scope}`,
  ),
  '1.2': ['roster-core.readonly', 'roster.readonly'].map(
    (scope) => `https://purl.imsglobal.org/spec/or/v1p2/scope/${scope}`,
  ),
};

/** One school system as it is asked: signs, fetches tokens, waits when it is told to, and tries again what may pass. */
export class SchoolSystem {
  private token: { text: string; until: number } | null = null;
  private pausedMs = 0;

  constructor(
    private readonly connection: RosterConnection,
    private readonly secret: string,
    private readonly options: SchoolSystemOptions,
  ) {}

  get mostRecords(): number {
    return this.options.mostRecords ?? usualMostRecords;
  }

  /** Manuals of school systems print the address with the path of the standard, so it is entered with it as well. */
  private get base(): string {
    return this.connection.baseUrl.replace(/\/+(ims\/oneroster(\/.*)?)?$/, '');
  }

  /**
   * The JSON of a collection's page.
   * @throws AppError with a sentence for the administrator, when it will not answer
   */
  async get(
    collection: string,
    query: Record<string, string>,
  ): Promise<{ body: unknown; headers: GuardedAnswer['headers'] }> {
    const { version } = this.connection;
    const root = version === '1.1' ? '/ims/oneroster/v1p1' : '/ims/oneroster/rostering/v1p2';
    const address = new URL(`${this.base}${root}/${collection}`);
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
    // What is signed is what is sent: a blank is %20 in both.
    address.search = address.search.replaceAll('+', '%20');
    const { mostTries = usualTries } = this.options;
    let last = 'did not answer';
    let renewed = false;
    for (let tries = 1; tries <= mostTries; tries++) {
      const answer = await this.send(address).catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'SERVICE_UNAVAILABLE') return error;
        throw error;
      });
      if (answer instanceof AppError) {
        last = answer.message;
        if (tries < mostTries) await this.pause(tries);
        continue;
      }
      const { status, headers, text } = answer;
      if (status === 401 && this.connection.auth === 'oauth2' && !renewed) {
        // A token may be taken back before its time; one new one is worth a try, a third is not.
        renewed = true;
        this.token = null;
        continue;
      }
      if (status === 429 || status >= 500) {
        last = status === 429 ? 'asks us to slow down' : `answers with the error ${status}`;
        if (tries < mostTries) await this.pause(tries, headers['retry-after']);
        continue;
      }
      if (status !== 200) throw refused(address, status);
      try {
        return { body: JSON.parse(text), headers };
      } catch {
        last = 'answers with something that is not whole JSON';
        if (tries < mostTries) await this.pause(tries);
      }
    }
    throw new AppError(
      'SERVICE_UNAVAILABLE',
      `${address.host}, asked for ${collection}, ${last}${mostTries > 1 ? `, also after ${mostTries} tries` : ''}.`,
    );
  }

  private async send(address: URL): Promise<GuardedAnswer> {
    const { auth, clientId } = this.connection;
    const authorization =
      auth === 'oauth1'
        ? signOauth1('GET', address, { consumerKey: clientId, consumerSecret: this.secret })
        : `Bearer ${await this.bearer()}`;
    return requestGuarded(address, { headers: { authorization, accept: 'application/json' } }, this.guard());
  }

  /** A token of the client-credentials grant; systems want the credentials in the header or in the body. */
  private async bearer(): Promise<string> {
    if (this.token && this.token.until > Date.now()) return this.token.text;
    const { tokenUrl, clientId, version } = this.connection;
    const address = new URL(tokenUrl ?? `${this.base}/oauth/token`);
    const form = { grant_type: 'client_credentials', scope: scopes[version].join(' ') };
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(this.secret)}`).toString(
      'base64',
    );
    const ask = (more: Record<string, string>, body: Record<string, string>) =>
      requestGuarded(
        address,
        { method: 'POST', headers: { ...headers, ...more }, body: new URLSearchParams(body).toString() },
        this.guard(),
      );
    let answer = await ask({ authorization: `Basic ${basic}` }, form);
    // Without the credentials in the body a form is incomplete to some, and that has many numbers.
    if ([400, 401, 403, 422].includes(answer.status)) {
      answer = await ask({}, { ...form, client_id: clientId, client_secret: this.secret });
    }
    if (answer.status === 429 || answer.status >= 500) {
      throw new AppError('SERVICE_UNAVAILABLE', `${address.host} gives no token now (${answer.status}).`);
    }
    if (answer.status !== 200) {
      throw new AppError(
        'BAD_REQUEST',
        `${address.host} refuses the client id or secret (${answer.status}).`,
      );
    }
    const read = TokenZod.safeParse(parseJson(answer.text));
    if (!read.success)
      throw new AppError(
        'BAD_REQUEST',
        `${address.host} answers without a token. Is this its token address?`,
      );
    const { access_token: text, expires_in: seconds = 3_600 } = read.data;
    // Renewed a little early: the clock of the other side and the way there count too.
    this.token = { text, until: Date.now() + Math.max(1, seconds - 30) * 1_000 };
    return text;
  }

  private guard(): GuardOptions {
    const { allowedHosts, timeoutMs = 60_000 } = this.options;
    return { allowedHosts, timeoutMs, mostBytes };
  }

  private async pause(tries: number, retryAfter?: string): Promise<void> {
    const told = retryAfter === undefined ? Number.NaN : Number(retryAfter) * 1_000;
    const until = Number.isNaN(told) && retryAfter ? Date.parse(retryAfter) - Date.now() : told;
    const usual = this.options.pauseMs?.(tries) ?? 1_000 * 2 ** tries;
    const ms = Math.min(longestWaitMs, Math.max(0, Number.isFinite(until) ? until : usual));
    this.pausedMs += ms;
    if (this.pausedMs > (this.options.mostPausedMs ?? usualMostPausedMs)) {
      throw new AppError(
        'SERVICE_UNAVAILABLE',
        `${new URL(this.connection.baseUrl).host} has us wait again and again. Nothing was changed; try again later.`,
      );
    }
    await sleep(ms);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refused(address: URL, status: number): AppError {
  const why: Record<number, string> = {
    301: 'sends us elsewhere. Enter the address it sends to',
    302: 'sends us elsewhere. Enter the address it sends to',
    307: 'sends us elsewhere. Enter the address it sends to',
    308: 'sends us elsewhere. Enter the address it sends to',
    401: 'refuses the client id or secret',
    403: 'does not let this client read rosters',
    404: 'has no OneRoster service at this address',
  };
  return new AppError('BAD_REQUEST', `${address.host} ${why[status] ?? 'refuses the request'} (${status}).`);
}
