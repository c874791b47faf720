import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { AppError } from '../../lib/app_error';
import type { App, CallLimit, CountCall } from '../../procedures/context';
import type { ApiLimits } from './api_limits';
import { clientAddress, networkOf } from './client_address';
import { limitHeaders } from './limit_answer';

const OverZod = z.object({ limit: z.number(), resetAt: z.number(), retryAfter: z.number() });

/** Sync is what the app does by itself, all day and for every tab: it has a count of its own, ten times as high. */
export const syncLimit: CallLimit = { bucket: 'sync', factor: 10 };

/**
 * Counts one call for whoever makes it: a person by their id, anybody else by their network, and says on the answer
 * what is left.
 */
export function countCall(
  limits: Pick<ApiLimits, 'take'>,
  app: App,
  req: IncomingMessage,
  res: ServerResponse,
): CountCall {
  const { RATE_LIMIT_API_MAX: max, TRUSTED_PROXIES: proxies } = app.config;
  return (userId, { bucket, factor } = { bucket: '', factor: 1 }) => {
    const who = userId === null ? `ip:${networkOf(clientAddress(req, proxies))}` : `user:${userId}`;
    try {
      const { limit, remaining, resetAt } = limits.take(bucket ? `${who}:${bucket}` : who, max * factor);
      setHeaders(res, limitHeaders(limit, remaining, resetAt));
    } catch (error) {
      const { data } = OverZod.safeParse(error instanceof AppError && error.details);
      if (data) {
        const headers = limitHeaders(data.limit, 0, data.resetAt);
        setHeaders(res, { ...headers, 'retry-after': String(data.retryAfter) });
      }
      throw error;
    }
  };
}

/** The app for an endpoint outside of the router, which counts where it asks who calls. */
export function countedApp(app: App, count: CountCall, limit?: CallLimit): App {
  return {
    ...app,
    resolveSession: async (headers, setCookie) => {
      const signedIn = await app.resolveSession(headers, setCookie);
      count(signedIn?.userId ?? null, signedIn ? limit : nobodyLimit);
      return signedIn;
    },
  };
}

/** A school whose sign-ins have ended overnight asks from one address, and is to be told so. */
export const nobodyLimit: CallLimit = { bucket: 'nobody', factor: 10 };

function setHeaders(res: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
}
