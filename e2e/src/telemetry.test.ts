import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from '@raptscallions/client/create_client';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type GatewayStub, startGatewayStub } from '../../backend/src/test/gateway_stub/start_gateway_stub';
import { Installation } from './installation';

const SpanZod = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: z.array(z.object({ key: z.string(), value: z.unknown() })),
});
const TracesZod = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(SpanZod) })) })),
});

/** A collector that speaks OTLP over HTTP as JSON. */
async function startCollector() {
  const spans: z.output<typeof SpanZod>[] = [];
  const server = createServer((req, res) => {
    let text = '';
    req.on('data', (piece) => {
      text += piece;
    });
    req.on('end', () => {
      if (req.url === '/v1/traces') {
        const { resourceSpans } = TracesZod.parse(JSON.parse(text));
        spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      }
      res.setHeader('content-type', 'application/json');
      res.end('{}');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, spans, close: () => server.close() };
}

let collector: Awaited<ReturnType<typeof startCollector>>;
let stub: GatewayStub;
let installation: Installation;
beforeAll(async () => {
  collector = await startCollector();
  stub = await startGatewayStub();
  installation = await Installation.start({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '200',
    AI_GATEWAY_URL: stub.url,
    AI_API_KEY: 'key',
    AI_DEFAULT_MODEL: 'echo',
  });
});
afterAll(async () => {
  await installation?.stop();
  await stub?.close();
  collector?.close();
});

test('a question is one trace from the request through the queue to the AI, without a word of it', async () => {
  const api = await createClient(installation.url, {
    email: 'i.okafor@alderrow.example',
    password: 'scallion-demo',
  });
  const { items } = await api.classes.list({ limit: 1 });
  const groupId = items[0]?.groupId;
  if (!groupId) throw new Error('the demo school has no class');
  const [toolId, toolVersionId, chatSessionId] = [newId('tool'), newId('toolversion'), newId('chat')];
  const yaml = 'name: Traced\ntype: chat\nversion: 1.0.0\nbehavior: Answer.\n';
  await api.tools.save({ toolId, toolVersionId, groupId, yaml });
  await api.chat.start({ chatSessionId, assignmentId: null, toolVersionId });
  const [messageId, runId, answerMessageId] = [newId('message'), newId('run'), newId('message')];
  await api.chat.send({ chatSessionId, messageId, runId, answerMessageId, text: 'why is the sky plum' });

  const trace = () => {
    const call = collector.spans.find(({ name }) => name === 'perform run');
    return collector.spans.filter(({ traceId }) => traceId === call?.traceId);
  };
  await vi.waitFor(
    () => {
      const names = trace().map(({ name }) => name);
      expect(names).toContain('POST');
      expect(names.some((name) => name.startsWith('pg.query'))).toBe(true);
      expect(names).toContain('task perform_run');
    },
    { timeout: 20_000, interval: 200 },
  );
  const paths = trace().flatMap(({ attributes }) =>
    attributes.filter(({ key }) => /url|target/.test(key)).map(({ value }) => JSON.stringify(value)),
  );
  expect(paths.some((path) => path.includes('/rpc/chat/send'))).toBe(true);
  expect(paths.some((path) => path.includes('/chat/completions'))).toBe(true);
  expect(JSON.stringify(collector.spans)).not.toContain('the sky plum');
});
