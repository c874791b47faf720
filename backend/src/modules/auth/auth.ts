import { type BetterAuthOptions, betterAuth } from 'better-auth';
import type { Config } from '../../configs/config';
import type { Db } from '../../db/db';
import type { Logger } from '../../lib/logger';
import { admitSession } from './admit_session';
import { createAuthModels } from './auth_models';
import { knownProviders, type OnProfile, otherProviders } from './identity_providers';
import { lookUpEvenly } from './look_up_evenly';
import { createOrchidAdapter } from './orchid_adapter';
import { hashPassword, verifyPassword } from './password';
import { recogniseAddress } from './services/recognise_address.service';
import { cookieAttributes, sessionCookieName } from './session_cookie';
import { sessionMs } from './session_rules';

/** Where better-auth is told who calls; set from the socket, whatever the caller wrote into it. */
export const addressHeader = 'x-rapt-client-address';
export const authPath = '/api/auth';

export type Auth = {
  /** better-auth itself; `handleAuth` stands in front of it */
  handler(request: Request): Promise<Response>;
  /** every endpoint it would answer if it were asked, as `POST /sign-out` */
  listEndpoints(): string[];
  /** of the system role */
  db: Db;
  secret: string;
  /** whether cookies are for https only */
  secureCookie: boolean;
};

/**
 * The sign-in. People are made by services, never by signing up. better-auth's own limiter stays off: it counts
 * by address alone and in memory, which would lock a class of thirty out.
 * @param parts.db of the system role
 */
export function createAuth({ db, config, secret, logger }: AuthParts): Auth {
  const secureCookie = config.NODE_ENV === 'production' || config.PUBLIC_URL?.startsWith('https:') === true;
  const onProfile: OnProfile = (email) => recogniseAddress(db, email);
  const build = () =>
    betterAuth({
      appName: 'Raptscallions',
      secret,
      baseURL: config.PUBLIC_URL ?? `http://localhost:${config.PORT}`,
      basePath: authPath,
      // Besides the public address: the page we serve, under whatever name this browser reached it.
      trustedOrigins: (request) => {
        const host = request?.headers.get('host');
        return host ? [`http://${host}`, `https://${host}`] : [];
      },
      database: (options: BetterAuthOptions) =>
        lookUpEvenly(createOrchidAdapter(createAuthModels(db))(options)),
      emailAndPassword: {
        enabled: true,
        disableSignUp: true,
        // For an e-mail nobody has, it hashes what was typed: as much work as looking at a wrong password.
        password: { hash: hashPassword, verify: verifyPassword },
      },
      socialProviders: knownProviders(config, onProfile),
      plugins: otherProviders(config, onProfile),
      account: {
        accountLinking: { enabled: true, trustedProviders: [], allowDifferentEmails: false },
        updateAccountOnSignIn: false,
      },
      session: {
        expiresIn: sessionMs / 1000,
        // `resolveSession` extends, so that there is one rule, and a limit to it.
        disableSessionRefresh: true,
        cookieCache: { enabled: false },
        additionalFields: { deviceContext: { type: 'string', input: false, defaultValue: 'unknown' } },
      },
      databaseHooks: {
        account: {
          create: {
            // We ask a provider nothing after the sign-in, so what would let us is not kept.
            before: async (account) => ({
              data: { ...account, accessToken: null, refreshToken: null, idToken: null },
            }),
          },
        },
        session: {
          create: {
            before: async ({ userId }, request) => ({
              data: await admitSession(db, userId, request?.headers),
            }),
          },
        },
      },
      advanced: {
        // It would put `__Secure-` before the name.
        useSecureCookies: false,
        cookiePrefix: 'rapt',
        cookies: { session_token: { name: sessionCookieName } },
        defaultCookieAttributes: cookieAttributes(secureCookie),
        ipAddress: { ipAddressHeaders: [addressHeader] },
        // It leaves these out when NODE_ENV says test, and then the tests would prove little.
        disableOriginCheck: false,
        disableCSRFCheck: false,
      },
      rateLimit: { enabled: false },
      // What is no answer of its own comes out as it was thrown, for the server's one table of failures.
      onAPIError: { throw: true, errorURL: '/sign-in' },
      telemetry: { enabled: false },
      logger: {
        level: 'warn',
        log: (level, message, ...details) => {
          const error = details.find((detail) => detail instanceof Error);
          const fields = { component: 'auth', ...(error && { err: error }) };
          // A wrong password is a warning of better-auth's and daily bread to us.
          if (level === 'error') logger.error(fields, message);
          else logger.debug(fields, message);
        },
      },
    });
  const listEndpoints = () =>
    Object.values(build().api).flatMap(({ path, options: { method } }) =>
      path ? [method].flat().map((each) => `${each} ${path}`) : [],
    );
  return { handler: withProviders(build), listEndpoints, db, secret, secureCookie };
}

const rediscoverMs = 10_000;

/**
 * better-auth asks a provider for its addresses once, when it is made, and goes on without the provider when there
 * is no answer. A start must not need anybody's network, so it is made anew when somebody wants the missing one.
 */
function withProviders(build: () => { handler(request: Request): Promise<Response> }): Auth['handler'] {
  let current = build();
  let builtAt = Date.now();
  return async (request) => {
    const again = request.clone();
    const response = await current.handler(request);
    const missing = response.status === 404 && new URL(request.url).pathname === `${authPath}/sign-in/social`;
    if (!missing || Date.now() - builtAt < rediscoverMs) return response;
    builtAt = Date.now();
    current = build();
    return current.handler(again);
  };
}

type AuthParts = { db: Db; config: Config; secret: string; logger: Logger };
