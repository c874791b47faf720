import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { currentTraceparent, withTraceparent } from '../lib/trace_context';
import { wrapPayload } from './envelope';

/** The SDK's own manager does the same. */
class StorageContextManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active = () => this.#storage.getStore() ?? ROOT_CONTEXT;
  with: ContextManager['with'] = (active, work, self, ...args) =>
    this.#storage.run(active, () => work.call(self, ...args));
  bind: ContextManager['bind'] = (_, target) => target;
  enable = () => this;
  disable = () => this;
}

beforeAll(() => context.setGlobalContextManager(new StorageContextManager()));
afterAll(() => context.disable());

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${spanId}-01`;

test('what is sent within a span carries it, and outside any span carries nothing', async () => {
  expect(wrapPayload({}).m.traceparent).toBeUndefined();
  const span = trace.setSpanContext(context.active(), { traceId, spanId, traceFlags: 1 });
  await context.with(span, async () => {
    await Promise.resolve();
    expect(wrapPayload({}).m.traceparent).toBe(traceparent);
  });
});

test('a handler works within the trace it was sent from, across its waits', async () => {
  const seen = await withTraceparent(traceparent, async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return [currentTraceparent(), trace.getActiveSpan()?.spanContext().isRemote];
  });
  expect(seen).toEqual([traceparent, true]);
});

test.each([undefined, '', 'nonsense', '00-00-00-00'])('a traceparent of %j is passed over', (poor) => {
  expect(withTraceparent(poor, () => currentTraceparent())).toBeUndefined();
});
