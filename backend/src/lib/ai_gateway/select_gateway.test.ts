import { expect, test } from 'vitest';
import { startGatewayStub } from '../../test/gateway_stub/start_gateway_stub';
import { selectGateway } from './select_gateway';

const limits = { AI_REQUEST_TIMEOUT_MS: 5000, AI_IDLE_TIMEOUT_MS: 1000, AI_MAX_RETRIES: 0 };
const ask = (gateway: ReturnType<typeof selectGateway>['gateway']) =>
  gateway.complete({ messages: [{ role: 'user', content: 'Hello' }], signal: new AbortController().signal });
const nothing = { AI_GATEWAY_URL: undefined, AI_API_KEY: undefined, AI_DEFAULT_MODEL: undefined };

test('without key and address the practice model answers', async () => {
  const { provider, model, gateway } = selectGateway({ ...limits, ...nothing });
  expect({ provider, model }).toEqual({ provider: 'practice', model: 'practice' });
  expect((await ask(gateway)).model).toBe('practice');
});

test('an address alone counts as configured', async () => {
  const stub = await startGatewayStub();
  const { provider, gateway } = selectGateway({
    ...limits,
    ...nothing,
    AI_GATEWAY_URL: stub.url,
    AI_DEFAULT_MODEL: 'llama3.2',
  });
  expect(provider).toBe('gateway');
  expect((await ask(gateway)).model).toBe('llama3.2');
  expect(stub.requests[0]?.headers).not.toHaveProperty('authorization');
  await stub.close();
});

test('a key alone means OpenRouter', () => {
  const { provider, model } = selectGateway({ ...limits, ...nothing, AI_API_KEY: 'a-key' });
  expect({ provider, model }).toEqual({ provider: 'gateway', model: 'openrouter/auto' });
});
