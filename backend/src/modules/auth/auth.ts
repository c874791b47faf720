import { betterAuth } from 'better-auth';
import type { Config } from '../../configs/config';
import type { Db } from '../../db/db';
import type { Logger } from '../../lib/logger';
import { admitSession } from './admit_session';
import { createAuthModels } from './auth_models';
import { cleverPlugin, knownProviders } from './identity_providers';
import { createOrchidAdapter } from './orchid_adapter';
import { hashPassword, verifyPassword } from './password';
import { cookieAttributes, sessionCookieName } from './session_cookie';
import { sessionMs } from './session_rules';

/** Where better-auth is told who calls; set from the socket, whatever the caller wrote into it. */
export const addressHeader = 'x-rapt-client-address';
export const authPath = '/api/auth';

export type Auth = {
  /** better-auth itself; `handleAuth` stands in front of it */
  handler(request: Request): Promise<Response>;
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
  const { handler } = betterAuth({
    appName: 'Raptscallions',
    secret,
    baseURL: config.PUBLIC_URL ?? `http://localhost:${config.PORT}`,
    basePath: authPath,
    // Besides the public address: the page we serve, under whatever name this browser reached it.
    trustedOrigins: (request) => {
      const host = request?.headers.get('host');
      return host ? [`http://${host}`, `https://${host}`] : [];
    },
    database: createOrchidAdapter(createAuthModels(db)),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      // For an e-mail nobody has, it hashes what was typed: as much work as looking at a wrong password.
      password: { hash: hashPassword, verify: verifyPassword },
    },
    socialProviders: knownProviders(config),
    plugins: cleverPlugin(config),
    account: { accountLinking: { enabled: true, trustedProviders: [], allowDifferentEmails: false } },
    session: {
      expiresIn: sessionMs / 1000,
      // `resolveSession` extends, so that there is one rule, and a limit to it.
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
      additionalFields: { deviceContext: { type: 'string', input: false, defaultValue: 'unknown' } },
    },
    databaseHooks: {
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
    onAPIError: { throw: true },
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
  return { handler, db, secret, secureCookie };
}

type AuthParts = { db: Db; config: Config; secret: string; logger: Logger };
