import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { serveFiles } from './serve_files';

let base: string;
let folder: string;
let server: Server;
let url: string;
/** what serving came to, request by request */
const ends: (Error | 'served')[] = [];

beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'rapt-files-'));
  folder = path.join(base, 'app');
  await mkdir(folder);
  await writeFile(path.join(base, 'secret'), 'secret');
  await writeFile(path.join(folder, 'index.html'), 'the app');
  const files = serveFiles(folder);
  server = createServer((req, res) => {
    files(req, res, req.url ?? '/').then(
      () => ends.push('served'),
      (error: Error) => {
        ends.push(error);
        if (!res.headersSent) res.writeHead(500);
        res.end('failed');
      },
    );
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(base, { recursive: true });
});

test('a file that could not be read once is served when it can be', async () => {
  const file = path.join(folder, 'app.js');
  // A hole of three gigabytes: more than can be read in one piece.
  await writeFile(file, '');
  await truncate(file, 3 * 2 ** 30);
  const failed = await fetch(`${url}/app.js`);
  expect(failed.status).toBe(500);
  // The failure is told in plain words, not announced as compressed.
  expect(await failed.text()).toBe('failed');
  await writeFile(file, 'let now = "here";');
  const found = await fetch(`${url}/app.js`);
  expect(found.status).toBe(200);
  expect(found.headers.get('content-encoding')).not.toBeNull();
  expect(await found.text()).toBe('let now = "here";');
});

test('whoever leaves in the middle of a download is no failure', async () => {
  await writeFile(path.join(folder, 'font.woff2'), randomBytes(8 * 2 ** 20));
  ends.length = 0;
  await new Promise<void>((left) => {
    get(`${url}/font.woff2`, (res) => {
      res.once('data', () => {
        res.destroy();
        left();
      });
    });
  });
  await vi.waitFor(() => expect(ends).toEqual(['served']), { timeout: 15_000 });
});

test.each([
  ['/../secret', 'the app'],
  ['/%2e%2e/secret', 'the app'],
  ['/%00', 'the app'],
  ['/%zz', 'the app'],
  ['/..%2fsecret', 'failed'],
])('%s leads to no file outside of the folder', async (asked, answer) => {
  const body = await new Promise<string>((read) => {
    // As it is: `fetch` would tidy the path first.
    get({ port: new URL(url).port, path: asked }, (res) => {
      let text = '';
      res.on('data', (part) => {
        text += part;
      });
      res.on('end', () => read(text));
    });
  });
  expect(body).toBe(answer);
});
