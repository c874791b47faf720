import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { chooseAnswerByModel, type GatewayAnswer } from './gateway_answer';
import { sendAnswer } from './send_answer';

const BodyZod = z.looseObject({
  model: z.string(),
  stream: z.boolean().optional(),
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
});
export type GatewayRequestBody = z.output<typeof BodyZod>;

type RecordedRequest = {
  /** milliseconds on the monotonic clock */
  at: number;
  path: string;
  headers: IncomingHttpHeaders;
  body: GatewayRequestBody;
  /** the client closed the socket before the answer was over */
  aborted: boolean;
  /** settles when the connection of this request has ended, and says how */
  ended: Promise<'finished' | 'aborted' | 'cut'>;
};

export type GatewayStub = {
  /** base URL as the app is configured with, version included */
  url: string;
  /** every request so far, in order of arrival */
  requests: RecordedRequest[];
  /** the next requests are answered with these, in order; after them the model's name decides */
  script(...next: GatewayAnswer[]): void;
  /** nothing that arrives from here on is answered before `until` has settled */
  hold(until: Promise<unknown>): void;
  /** settles with the request of that number (from 1) once it has arrived */
  arrived(number: number): Promise<RecordedRequest>;
  close(): Promise<void>;
};

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

function watchEnd(response: ServerResponse, recorded: { aborted: boolean }, wasCut: () => boolean) {
  return new Promise<'finished' | 'aborted' | 'cut'>((resolve) => {
    response.once('close', () => {
      if (response.writableFinished) return resolve('finished');
      if (wasCut()) return resolve('cut');
      recorded.aborted = true;
      resolve('aborted');
    });
  });
}

/**
 * A server that speaks OpenAI's chat completions over a real socket and fails on demand.
 * @param options.pace milliseconds between two chunks; 0 when unset
 */
export async function startGatewayStub(options: { pace?: number } = {}): Promise<GatewayStub> {
  const requests: RecordedRequest[] = [];
  const scripted: GatewayAnswer[] = [];
  let held: Promise<unknown> = Promise.resolve();
  const waiting: { number: number; resolve: (request: RecordedRequest) => void }[] = [];

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const body = BodyZod.parse(JSON.parse(await readBody(request)));
    let cut = false;
    const seen = { aborted: false };
    const ended = watchEnd(response, seen, () => cut);
    const recorded: RecordedRequest = {
      at: performance.now(),
      path: request.url ?? '',
      headers: request.headers,
      body,
      ended,
      get aborted() {
        return seen.aborted;
      },
    };
    requests.push(recorded);
    for (const each of waiting.filter(({ number }) => number === requests.length)) each.resolve(recorded);
    const answer = scripted.shift() ?? chooseAnswerByModel(body.model);
    await held;
    await sendAnswer(response, body, answer, {
      pace: options.pace ?? 0,
      cut: () => {
        cut = true;
        response.socket?.destroy();
      },
    });
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // A request that is no chat completion is the caller's mistake and shows as one.
      if (!response.headersSent) response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: String(error) } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stub has no port.');

  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    requests,
    script: (...next) => void scripted.push(...next),
    hold: (until) => {
      held = until.catch(() => {});
    },
    arrived: (number) =>
      new Promise((resolve) => {
        const there = requests[number - 1];
        if (there) resolve(there);
        else waiting.push({ number, resolve });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
