import type { IncomingMessage, ServerResponse } from 'node:http';
import { StandardRPCJsonSerializer, StandardRPCSerializer } from '@orpc/client/standard';
import { type AnyRouter, ORPCError, onError } from '@orpc/server';
import { StandardHandler, StandardRPCCodec, StandardRPCMatcher } from '@orpc/server/standard';
import { isAsyncIteratorObject } from '@orpc/shared';
import { sendStandardResponse, toAbortSignal } from '@orpc/standard-server-node';
import { AppError, toAppError } from '../lib/app_error';
import type { Logger } from '../lib/logger';
import type { RequestContext } from '../procedures/context';
import { orpcErrorOf } from '../procedures/orpc_error_of';
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

/** What arrives was read before, so that a body which is no call is refused in our words, and counted. */
class ReadCodec extends StandardRPCCodec {
  override decode(...[request]: Parameters<StandardRPCCodec['decode']>): Promise<unknown> {
    return request.body();
  }
}

/**
 * Answers calls of procedures on oRPC's protocol. Requests are read and answers written in here, in one piece each:
 * oRPC's own adapter for node costs a web stream, two parsed addresses and a chunked body a call.
 * @param router whose procedures are called, below `/rpc`
 * @param maxBodyBytes the largest body of any call
 */
export function createRpcHandler(router: AnyRouter, logger: Logger, maxBodyBytes: number) {
  const serializer = new StandardRPCSerializer(new PlainJsonSerializer());
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
    const body = await readJson(req, maxBodyBytes);
    const request = {
      method: 'POST',
      url: new URL(path, 'http://localhost'),
      headers: req.headers,
      body: async () => {
        try {
          return serializer.deserialize(body);
        } catch {
          throw refuseBody(context);
        }
      },
      signal: toAbortSignal(res),
    };
    const { matched, response } = await handler.handle(request, { prefix, context });
    if (!matched) throw new AppError('NOT_FOUND', `There is no procedure at ${path}.`);
    if (isAsyncIteratorObject(response.body)) return sendStandardResponse(res, response);
    res.statusCode = response.status;
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(response.body));
  };
}

/** No procedure has begun, so nobody has counted this call; whoever floods us with such is refused like any other. */
function refuseBody({ count }: RequestContext): ORPCError<string, unknown> {
  try {
    count?.(null);
    return orpcErrorOf(new AppError('BAD_REQUEST', 'The body is not a call: send {"json": …}.'));
  } catch (error) {
    return orpcErrorOf(toAppError(error));
  }
}
