import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DoneZod } from '@raptscallions/zod-schemas/me.zod';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { SignedIn } from '../procedures/context';
import { rpcProtectedProcedure } from '../procedures/procedures';
import { buildApp, buildSchool } from '../test/build_app';
import { createRpcHandler } from './create_rpc_handler';

const router = {
  own: rpcProtectedProcedure.output(DoneZod).handler(async () => ({ __type: 'Done' as const })),
};
let built: Awaited<ReturnType<typeof buildApp>>;
let signedIn: SignedIn | null;
let server: Server;
let knownMs: number;
const asked = vi.fn(async () => signedIn);
const counted = vi.fn();

beforeAll(async () => {
  built = await buildApp();
  const { app } = built;
  server = createServer(async (req, res) => {
    const limits = { bytes: 1_000, knownMs, anybody: { bytes: 100, ms: 1_000 } };
    const answer = createRpcHandler(router, app.logger, limits);
    const context = { app: { ...app, resolveSession: asked }, headers: req.headers, count: counted };
    await answer(req, res, '/rpc/own', context).catch(() => res.writeHead(418).end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  server.close();
  await built.close();
});
beforeEach(async () => {
  const school = await buildSchool(built.app.systemDb);
  const { app, headers } = built.as(await school.addPerson('teacher'), school.tenantId);
  signedIn = await app.resolveSession(headers);
  asked.mockClear();
  counted.mockClear();
});

/** Sends the body once `meanwhile` has been done, which begins when it has been asked who calls. */
async function callOwn(meanwhile: () => void): Promise<number | undefined> {
  const { port } = server.address() as AddressInfo;
  const sent = request({ port, method: 'POST' });
  const answered = once(sent, 'response');
  sent.flushHeaders();
  await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce());
  meanwhile();
  sent.end('{}');
  const [answer] = await answered;
  return answer.resume().statusCode;
}

test('who calls is asked once, before the body, and the call is counted once', async () => {
  knownMs = 60_000;
  expect(await callOwn(() => {})).toBe(200);
  expect(asked).toHaveBeenCalledOnce();
  expect(counted.mock.calls).toEqual([[signedIn?.userId, undefined]]);
});

test('whoever is shut out while they send for long gets nothing done', async () => {
  knownMs = 0;
  expect(
    await callOwn(() => {
      signedIn = null;
    }),
  ).toBe(401);
  expect(asked).toHaveBeenCalledTimes(2);
  expect(counted).toHaveBeenCalledOnce();
});
