import type { IncomingMessage, ServerResponse } from 'node:http';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { AppError } from '../lib/app_error';
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
import { userAppRouter } from './user_app.router';

export type HttpParts = {
  app: App;
  handleAuth(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** `count` takes the call for whoever makes it, null for nobody; it throws when there were too many */
  openStream(
    count: (userId: UserId | null) => void,
    req: IncomingMessage,
    res: ServerResponse,
    readBody: () => Promise<unknown>,
  ): Promise<void>;
  limits: Pick<ApiLimits, 'take'>;
  cronJobs: CronJobs;
  /** whether database and queue can be worked with */
  ready(): Promise<{ ready: boolean; [part: string]: unknown }>;
};

export type Route = {
  answer(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> | void;
  /** Whoever calls it is known by the cookie, so that writes of other sites are refused. */
  byCookie?: true;
  /** the only method there is */
  method?: 'POST';
  /** whose procedures are called there; each stands in the table of rights */
  router?: object;
};

/** The largest body of any call: a tool's YAML a few times over. */
const maxBodyBytes = 512 * 1024;
/** Whoever is not signed in sends an address, a password or a token; on a poor line that takes a while. */
const bodyLimits = { bytes: maxBodyBytes, knownMs: 1_000, anybody: { bytes: 16 * 1024, ms: 10_000 } };
/** A browser that holds many scopes sends them all; this is far above what it may hold. */
const maxSyncBytes = 4 * maxBodyBytes;

/** A whole school signs in within a minute, from one address; passwords have counts of their own. */
const authLimit = { bucket: 'auth', factor: 30 };
/** A large package comes in hundreds of parts. */
const uploadLimit = { bucket: 'upload', factor: 20 };

/**
 * Everything the server answers, by its path; one that ends in a star stands for all that begin so, and the longest
 * that fits counts. Who may call what is in `test/http_surface.ts`, which knows no other.
 */
export function mountRoutes(parts: HttpParts): Record<string, Route> {
  const { app, limits } = parts;
  const answerCall = createRpcHandler(userAppRouter, app.logger, bodyLimits);
  const files = serveFiles(app.config.RAPT_FRONTEND_DIR);
  const setCookieOn = (res: ServerResponse) => (header: string) => res.appendHeader('set-cookie', header);

  return {
    '/health': { answer: (_, res) => sendJson(res, 200, { status: 'ok' }) },
    '/meta/liveness-probe': { answer: (_, res) => sendJson(res, 200, { pong: true }) },
    '/ready': {
      answer: async (_, res) => {
        const state = await parts.ready();
        sendJson(res, state.ready ? 200 : 503, state);
      },
    },
    '/api/cron-jobs/*': {
      answer: (req, res, path) => {
        const name = path.slice('/api/cron-jobs/'.length);
        return answerCronJob(parts.cronJobs, app.config.CRON_JOB_TOKEN, req, res, name);
      },
    },
    '/api/auth/*': {
      byCookie: true,
      answer: (req, res) => {
        countCall(limits, app, req, res)(null, authLimit);
        return parts.handleAuth(req, res);
      },
    },
    '/api/*': {
      answer: (_, __, path) => {
        throw new AppError('NOT_FOUND', `There is nothing at ${path}.`);
      },
    },
    '/rpc/sync/stream': {
      byCookie: true,
      method: 'POST',
      answer: (req, res) => {
        const count = countCall(limits, app, req, res);
        const countStream = (userId: UserId | null) => count(userId, userId ? syncLimit : nobodyLimit);
        return parts.openStream(countStream, req, res, () => readJson(req, maxSyncBytes));
      },
    },
    '/rpc/sync/pull': {
      byCookie: true,
      method: 'POST',
      answer: (req, res) => {
        const counted = countedApp(app, countCall(limits, app, req, res), syncLimit);
        const context = { app: counted, headers: req.headers, setCookie: setCookieOn(res) };
        return answerPull(context, res, () => readJson(req, maxSyncBytes));
      },
    },
    '/rpc/rosters/upload': {
      byCookie: true,
      method: 'POST',
      answer: (req, res) =>
        receiveRosterPart(countedApp(app, countCall(limits, app, req, res), uploadLimit), req, res),
    },
    '/rpc/*': {
      byCookie: true,
      method: 'POST',
      router: userAppRouter,
      answer: (req, res, path) =>
        answerCall(req, res, path, {
          app,
          headers: req.headers,
          address: clientAddress(req, app.config.TRUSTED_PROXIES),
          count: countCall(limits, app, req, res),
          setCookie: setCookieOn(res),
        }),
    },
    '/*': { answer: files },
  };
}

/** The route of a path: its own, or the longest that stands for it. */
export function findRoute(routes: Record<string, Route>, path: string): Route {
  const own = routes[path];
  if (own && !path.endsWith('*')) return own;
  for (let end = path.lastIndexOf('/'); end >= 0; end = path.lastIndexOf('/', end - 1)) {
    const found = routes[`${path.slice(0, end)}/*`];
    if (found) return found;
    if (end === 0) break;
  }
  throw new AppError('NOT_FOUND', `There is nothing at ${path}.`);
}

export function sendJson(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  res.end(JSON.stringify(body));
}
