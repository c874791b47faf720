import type { IncomingMessage, ServerResponse } from 'node:http';
import { StandardRPCJsonSerializer, StandardRPCSerializer } from '@orpc/client/standard';
import { type AnyProcedure, type AnyRouter, ORPCError, onError } from '@orpc/server';
import { StandardHandler, StandardRPCCodec, StandardRPCMatcher } from '@orpc/server/standard';
import { isAsyncIteratorObject } from '@orpc/shared';
import { sendStandardResponse, toAbortSignal } from '@orpc/standard-server-node';
import { AppError, toAppError } from '../lib/app_error';
import type { Logger } from '../lib/logger';
import type { RequestContext } from '../procedures/context';
import { orpcErrorOf } from '../procedures/orpc_error_of';
import { admitAnybody, admitCaller, isPublic } from '../procedures/procedures';
import { readJson } from './read_json';

const prefix = '/rpc';
/** oRPC would also find a procedure beside a slash at the end, and beside letters written in another way. */
const procedurePath = /^\/rpc(?:\/\w+)+$/;

/**
 * Our answers are JSON as they stand: every output schema is (a test walks them), so nothing has to be looked
 * through for what JSON cannot say. That search made a third of all garbage of a list.
 */
class PlainJsonSerializer extends StandardRPCJsonSerializer {
  override serialize(data: unknown): ReturnType<StandardRPCJsonSerializer['serialize']> {
    return [data, [], [], []];
  }
}

type Decode = Parameters<StandardRPCCodec['decode']>;
/** Reads its own body, for the procedure that was found. */
type CallRequest = Decode[0] & { read(procedure: AnyProcedure): Promise<unknown> };

class ReadCodec extends StandardRPCCodec {
  override decode(request: CallRequest, _: Decode[1], procedure: AnyProcedure): Promise<unknown> {
    return request.read(procedure);
  }
}

export type BodyLimits = {
  bytes: number;
  /** Who calls is asked again after a body that took longer: they may have been shut out while they were sending. */
  knownMs: number;
  /** of whoever need not be signed in, and for how long it is read */
  anybody: { bytes: number; ms: number };
};

/**
 * Answers calls of procedures on oRPC's protocol. Requests are read and answers written in here, in one piece each:
 * oRPC's own adapter for node costs a web stream, two parsed addresses and a chunked body a call. A body is read once
 * it is known which procedure it is for, and who calls: nobody in particular must not fill our memory.
 * @param router whose procedures are called, below `/rpc`
 */
export function createRpcHandler(router: AnyRouter, logger: Logger, limits: BodyLimits) {
  const serializer = new StandardRPCSerializer(new PlainJsonSerializer());
  const deserialize = (body: unknown): unknown => {
    try {
      return serializer.deserialize(body);
    } catch {
      throw new AppError('BAD_REQUEST', 'The body is not a call: send {"json": …}.');
    }
  };
  const handler = new StandardHandler(router, new StandardRPCMatcher(), new ReadCodec(serializer), {
    interceptors: [
      onError((error) => {
        if (!(error instanceof ORPCError))
          logger.error({ err: error }, 'a call failed outside of its procedure');
      }),
    ],
  });
  return async (
    req: IncomingMessage,
    res: ServerResponse,
    path: string,
    context: RequestContext,
  ): Promise<void> => {
    if (!procedurePath.test(path)) throw new AppError('NOT_FOUND', `There is no procedure at ${path}.`);
    const called: RequestContext = { ...context };
    let refusal: unknown;
    const readBody = async (procedure: AnyProcedure) => {
      if (isPublic(procedure)) {
        admitAnybody(called, procedure);
        called.count = undefined;
        return readJson(req, limits.anybody.bytes, limits.anybody.ms);
      }
      const signedIn = await admitCaller(called, procedure);
      const askedAt = performance.now();
      called.count = undefined;
      const body = await readJson(req, limits.bytes);
      if (performance.now() - askedAt < limits.knownMs) {
        // The procedure asks once more, and need not ask the database.
        called.app = { ...called.app, resolveSession: async () => signedIn };
      }
      return body;
    };
    const request: CallRequest = {
      method: 'POST',
      url: new URL(path, 'http://localhost'),
      headers: req.headers,
      body: async () => undefined,
      signal: toAbortSignal(res),
      read: async (procedure) => {
        try {
          return deserialize(await readBody(procedure));
        } catch (error) {
          refusal = error;
          throw orpcErrorOf(toAppError(error));
        }
      },
    };
    const { matched, response } = await handler.handle(request, { prefix, context: called });
    // Answered by whoever knows that the rest of a body is still on its way.
    if (refusal !== undefined) throw refusal;
    if (!matched) throw new AppError('NOT_FOUND', `There is no procedure at ${path}.`);
    if (isAsyncIteratorObject(response.body)) return sendStandardResponse(res, response);
    res.statusCode = response.status;
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(response.body));
  };
}
