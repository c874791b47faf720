import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { errorTable } from '@raptscallions/zod-schemas/error.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { AppError, toAppError } from '../lib/app_error';
import { serveFiles } from '../lib/serve_files';
import type { ApiLimits } from '../modules/limits/api_limits';
import { clientAddress } from '../modules/limits/client_address';
import { countCall, countedApp, nobodyLimit, syncLimit } from '../modules/limits/count_call';
import { receiveRosterPart } from '../modules/rosters/rosters.stream';
import { answerPull } from '../modules/sync/answer_pull.stream';
import type { App } from '../procedures/context';
import { createRpcHandler } from './create_rpc_handler';
import { answerCronJob, type CronJobs } from './cron_jobs.router';
import { readJson } from './read_json';

export type HttpParts = {
  app: App;
  handleAuth(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** `count` takes the call for whoever makes it, null for nobody; it throws when there were too many */
  openStream(
    count: (userId: UserId | null) => void,
    req: IncomingMessage,
    res: ServerResponse,
    body: unknown,
  ): Promise<void>;
  limits: ApiLimits;
  cronJobs: CronJobs;
  /** whether database and queue can be worked with */
  ready(): Promise<{ ready: boolean; [part: string]: unknown }>;
};

/** The largest body of any call: a tool's YAML a few times over. */
const maxBodyBytes = 512 * 1024;
/** A browser that holds many scopes sends them all; this is far above what it may hold. */
const maxSyncBytes = 4 * maxBodyBytes;

/** A whole school signs in within a minute, from one address; passwords have counts of their own. */
const authLimit = { bucket: 'auth', factor: 30 };
/** A large package comes in hundreds of parts. */
const uploadLimit = { bucket: 'upload', factor: 20 };

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

/**
 * Everything on one port, told apart by the beginning of the path before any handler sees the request:
 * sign-in, the stream, procedures, probes, and for every other path the web app.
 */
export function createHttpServer(parts: HttpParts): Server {
  const { app } = parts;
  const answerCall = createRpcHandler(app.logger, maxBodyBytes);
  const files = serveFiles(app.config.RAPT_FRONTEND_DIR);

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = pathOf(req);
    res.setHeader('content-security-policy', contentSecurityPolicy);
    res.setHeader('x-content-type-options', 'nosniff');
    res.setHeader('referrer-policy', 'same-origin');
    if (path === '/health') return sendJson(res, 200, { status: 'ok' });
    if (path === '/meta/liveness-probe') return sendJson(res, 200, { pong: true });
    if (path === '/ready') {
      const state = await parts.ready();
      return sendJson(res, state.ready ? 200 : 503, state);
    }
    if (path.startsWith('/api/cron-jobs/')) {
      const name = path.slice('/api/cron-jobs/'.length);
      return answerCronJob(parts.cronJobs, app.config.CRON_JOB_TOKEN, req, res, name);
    }
    if (path.startsWith('/api/auth/')) {
      refuseForeignOrigin(req, app);
      countCall(parts.limits, app, req, res)(null, authLimit);
      return parts.handleAuth(req, res);
    }
    if (path === '/rpc/sync/stream') {
      refuseForeignOrigin(req, app);
      if (req.method !== 'POST') throw new AppError('BAD_REQUEST', 'Open the stream with POST.');
      const count = countCall(parts.limits, app, req, res);
      const countStream = (userId: UserId | null) => count(userId, userId ? syncLimit : nobodyLimit);
      return parts.openStream(countStream, req, res, await readJson(req, maxSyncBytes));
    }
    if (path === '/rpc/sync/pull') {
      refuseForeignOrigin(req, app);
      if (req.method !== 'POST') throw new AppError('BAD_REQUEST', 'Pull with POST.');
      const setCookie = (header: string) => res.appendHeader('set-cookie', header);
      const counted = countedApp(app, countCall(parts.limits, app, req, res), syncLimit);
      return answerPull(
        { app: counted, headers: req.headers, setCookie },
        res,
        await readJson(req, maxSyncBytes),
      );
    }
    if (path === '/rpc/rosters/upload') {
      refuseForeignOrigin(req, app);
      if (req.method !== 'POST') throw new AppError('BAD_REQUEST', 'Send a part with POST.');
      return receiveRosterPart(
        countedApp(app, countCall(parts.limits, app, req, res), uploadLimit),
        req,
        res,
      );
    }
    if (path.startsWith('/rpc/')) {
      refuseForeignOrigin(req, app);
      return answerCall(req, res, path, {
        app,
        headers: req.headers,
        address: clientAddress(req, app.config.TRUSTED_PROXIES),
        count: countCall(parts.limits, app, req, res),
        setCookie: (header) => res.appendHeader('set-cookie', header),
      });
    }
    if (path.startsWith('/api/')) throw new AppError('NOT_FOUND', `There is nothing at ${path}.`);
    await files(req, res, path);
  }

  const server = createServer((req, res) => {
    handle(req, res).catch((error: unknown) => {
      const { code, message, details } = toAppError(error);
      const path = pathOf(req);
      if (errorTable[code].report) app.logger.error({ err: error, path }, 'a request failed');
      if (res.headersSent) return void res.destroy();
      const { status } = errorTable[code];
      // Of what was not read to its end nothing may be taken for the next request.
      if (!req.complete) res.setHeader('connection', 'close');
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

function sendJson(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  res.end(JSON.stringify(body));
}
