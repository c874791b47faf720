import type { IncomingMessage, ServerResponse } from 'node:http';
import { StandardRPCJsonSerializer, StandardRPCSerializer } from '@orpc/client/standard';
import { type AnyRouter, ORPCError, onError } from '@orpc/server';
import { StandardHandler, StandardRPCCodec, StandardRPCMatcher } from '@orpc/server/standard';
import { isAsyncIteratorObject } from '@orpc/shared';
import { sendStandardResponse, toAbortSignal } from '@orpc/standard-server-node';
import { AppError } from '../lib/app_error';
import type { Logger } from '../lib/logger';
import type { RequestContext } from '../procedures/context';
import { readJson } from './read_json';

const prefix = '/rpc';

/**
 * Our answers are JSON as they stand: every output schema is (a test walks them), so nothing has to be looked
 * through for what JSON cannot say. That search made a third of all garbage of a list.
 */
class PlainJsonSerializer extends StandardRPCJsonSerializer {
  override serialize(data: unknown): ReturnType<StandardRPCJsonSerializer['serialize']> {
    return [data, [], [], []];
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
  const handler = new StandardHandler(router, new StandardRPCMatcher(), new StandardRPCCodec(serializer), {
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
    const body = await readJson(req, maxBodyBytes);
    const request = {
      method: 'POST',
      url: new URL(path, 'http://localhost'),
      headers: req.headers,
      body: async () => body,
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
