import { type IdPrefix, newId } from '@raptscallions/zod-schemas/rich_id';
import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import type { Config } from '../../configs/config';
import type { Db } from '../../db/db';
import { runSql } from '../../db/run_sql';
import { storedId } from '../../db/stored_id';
import type { Logger } from '../../lib/logger';
import { createOrchidAdapter } from './orchid_adapter';
import { hashPassword, verifyPassword } from './password';

const day = 86_400;

const prefixes: Record<string, IdPrefix> = {
  user: 'user',
  session: 'authsession',
  account: 'account',
  verification: 'verification',
};

/** Where our server tells better-auth who calls: never a header a caller could write, it is set from the socket. */
export const addressHeader = 'x-rapt-client-address';

/**
 * Sign-in. People are made by services, never by signing up; whoever is not active is refused in the words for
 * a wrong password.
 * @param options.db of the system role
 */
export function createAuth({
  db,
  config,
  secret,
  logger,
}: {
  db: Db;
  config: Config;
  secret: string;
  logger: Logger;
}) {
  const secure = config.NODE_ENV === 'production' || config.PUBLIC_URL?.startsWith('https:') === true;
  const tables = {
    user: db.authUsers,
    session: db.authSessions,
    account: db.authAccounts,
    verification: db.authVerifications,
  };
  return betterAuth({
    appName: 'Raptscallions',
    secret,
    baseURL: config.PUBLIC_URL ?? `http://localhost:${config.PORT}`,
    basePath: '/api/auth',
    trustedOrigins: (request) => {
      // The page we serve ourselves, under whatever name it was reached; other sites are not among them.
      const host = request?.headers.get('host');
      return host ? [`http://${host}`, `https://${host}`] : [];
    },
    telemetry: { enabled: false },
    logger: {
      log: (level, message) => logger[level === 'error' ? 'error' : 'debug']({ component: 'auth' }, message),
    },
    database: createOrchidAdapter({
      table: (model) => {
        const table = tables[model as keyof typeof tables];
        if (!table) throw new Error(`better-auth asked for ${model}`);
        return table as never;
      },
      newRowId: (model) => newId(prefixes[model] ?? 'verification'),
      transaction: (work) => db.$transaction(work),
    }),
    user: { additionalFields: { tenantId: { type: 'string', required: true, input: false } } },
    session: {
      expiresIn: 30 * day,
      // Extended when under half is left.
      updateAge: 15 * day,
      cookieCache: { enabled: false },
      additionalFields: {
        deviceContext: { type: 'string', required: false, defaultValue: 'unknown', input: true },
      },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    rateLimit: { enabled: false },
    advanced: {
      cookies: {
        session_token: { name: 'rapt_session', attributes: { httpOnly: true, sameSite: 'lax', secure } },
      },
      useSecureCookies: false,
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => {
            const [person] = await runSql<{ active: boolean }>(
              db,
              `select status = 'active' and deleted_at is null as active from users where user_id = $1`,
              [storedId(session.userId as `user-${string}`)],
            );
            if (!person?.active) {
              throw new APIError('UNAUTHORIZED', {
                code: 'INVALID_EMAIL_OR_PASSWORD',
                message: 'Invalid email or password',
              });
            }
            const asked: unknown = context?.body?.deviceContext;
            const deviceContext = asked === 'personal' || asked === 'shared' ? asked : 'unknown';
            return { data: { ...session, deviceContext } };
          },
        },
      },
    },
  });
}

export type Auth = ReturnType<typeof createAuth>;
