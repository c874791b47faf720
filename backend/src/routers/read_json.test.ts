import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../lib/app_error';
import { readJson } from './read_json';

let server: Server;
beforeAll(async () => {
  server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A call that has sent `sent` of a body of `bytes`, seen from both ends. */
async function begin(sent: string, bytes: number) {
  const { port } = server.address() as AddressInfo;
  const arrived = once(server, 'request') as Promise<[IncomingMessage, ...unknown[]]>;
  const client = request({ port, method: 'POST', headers: { 'content-length': bytes } });
  client.on('error', () => {});
  client.write(sent);
  const [req] = await arrived;
  return { client, req };
}

test('a body is waited for as long as is said, and no longer', async () => {
  const { req, client } = await begin('{"a"', 8);
  await expect(readJson(req, 100, 50)).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: 'The body took too long to arrive.',
  });
  client.destroy();
  const other = await begin('{"a"', 7);
  const read = readJson(other.req, 100, 60_000);
  other.client.end(':1}');
  expect(await read).toEqual({ a: 1 });
});

test('of a body that is too large no more is kept', async () => {
  const { req, client } = await begin('x'.repeat(200), 100_000_000);
  await expect(readJson(req, 100)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  client.destroy();
});

test('whoever has gone before or during the reading is waited for by nobody', async () => {
  const before = await begin('{"a"', 8);
  before.req.once('error', () => {});
  const closed = new Promise((resolve) => before.req.once('close', resolve));
  before.client.destroy();
  await closed;
  await expect(readJson(before.req, 100)).rejects.toBeInstanceOf(AppError);
  const during = await begin('{"a"', 8);
  const read = expect(readJson(during.req, 100)).rejects.toThrow();
  during.client.destroy();
  await read;
});
