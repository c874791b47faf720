import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { errorTable } from '@raptscallions/zod-schemas/error.zod';
import { AppError, toAppError } from '../lib/app_error';
import type { App } from '../procedures/context';
import { findRoute, type HttpParts, mountRoutes, sendJson } from './mount_routes';

/** Whoever is refused while sending has this long for the rest, in milliseconds. */
const restMs = 1_000;

const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Everything on one port; which route answers is told by the path before any of them sees the request. */
export function createHttpServer(parts: HttpParts): Server {
  const { app } = parts;
  const routes = mountRoutes(parts);

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = pathOf(req);
    res.setHeader('content-security-policy', contentSecurityPolicy);
    res.setHeader('x-content-type-options', 'nosniff');
    res.setHeader('referrer-policy', 'same-origin');
    const route = findRoute(routes, path);
    if (route.byCookie) refuseForeignOrigin(req, app);
    if (route.method && req.method !== route.method) {
      throw new AppError('BAD_REQUEST', `Call ${path} with ${route.method}.`);
    }
    await route.answer(req, res, path);
  }

  const server = createServer((req, res) => {
    handle(req, res).catch(async (error: unknown) => {
      const { code, message, details } = toAppError(error);
      const path = pathOf(req);
      if (errorTable[code].report) app.logger.error({ err: error, path }, 'a request failed');
      if (res.headersSent) return void res.destroy();
      const { status } = errorTable[code];
      // Of what was not read to its end nothing may be taken for the next request.
      if (!(await endsSoon(req))) res.setHeader('connection', 'close');
      // Whoever calls below `/rpc` reads failures as procedures send them.
      if (!path.startsWith('/rpc/')) return sendJson(res, status, { error: message, code, details });
      sendJson(res, status, { json: { defined: false, code, status, message, data: { details } } });
    });
  });
  // Slow senders must not hold connections: 20 s for the head, 60 s for all of a request.
  server.headersTimeout = 20_000;
  server.requestTimeout = 60_000;
  server.keepAliveTimeout = 65_000;
  return server;
}

/** Throws the rest of a body away: an answer that closes the line while it is being sent is lost with the line. */
async function endsSoon(req: IncomingMessage): Promise<boolean> {
  if (req.complete) return true;
  req.resume();
  await finished(req, { signal: AbortSignal.timeout(restMs) }).catch(() => {});
  return req.complete;
}

/** Without the query, which may hold somebody's words or the code of a sign-in. */
function pathOf(req: IncomingMessage): string {
  return (req.url ?? '/').split('?', 1)[0] ?? '/';
}

/**
 * The cookie is sent along by any page of the same site, so a write must come from our own pages. Browsers say
 * where a request comes from; programs that send no Origin hold their cookie on purpose.
 */
function refuseForeignOrigin(req: IncomingMessage, app: App): void {
  const { origin, host } = req.headers;
  if (req.method === 'GET' || req.method === 'HEAD') return;
  // Browsers that leave the origin out still say that another site asks.
  if (req.headers['sec-fetch-site'] === 'cross-site') {
    throw new AppError('FORBIDDEN', 'This request came from another site.');
  }
  if (!origin) return;
  const own = app.config.PUBLIC_URL ? new URL(app.config.PUBLIC_URL).host : host;
  if (!URL.canParse(origin) || ![own, host].includes(new URL(origin).host)) {
    throw new AppError('FORBIDDEN', 'This request came from another site.');
  }
}
