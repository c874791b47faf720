import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GuardOptions, isPublicAddress, type ResolveName, requestGuarded } from './guarded_request';

/** Nobody may ever reach it unless it is allowed by name. */
let canary: Server;
let port: number;
let connects = 0;
beforeAll(async () => {
  canary = createServer((req, res) => {
    if (req.url === '/redirect') res.writeHead(302, { location: `http://127.0.0.1:${port}/inside` }).end();
    else if (req.url === '/large') res.end('x'.repeat(2_000_000));
    else if (req.url !== '/slow') res.end('hello');
  });
  canary.on('connection', () => {
    connects += 1;
  });
  canary.listen(0, '127.0.0.1');
  await once(canary, 'listening');
  const address = canary.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  port = address.port;
});
afterAll(() => {
  canary.closeAllConnections();
  canary.close();
});

const options = (more: Partial<GuardOptions> = {}): GuardOptions => ({
  allowedHosts: [],
  timeoutMs: 5_000,
  mostBytes: 1_000_000,
  ...more,
});
const ask = async (address: string, more?: Partial<GuardOptions>) =>
  requestGuarded(new URL(address), {}, options(more));

test.each([
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.5.5',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '198.18.0.1',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '[fe80::1]',
  '[fd00::1]',
  'localhost',
])('a private address written as %s is not connected to', async (host) => {
  connects = 0;
  for (const scheme of ['http', 'https']) {
    await expect(ask(`${scheme}://${host}:${port}/`)).rejects.toThrow('private network');
  }
  expect(connects).toBe(0);
});

test('what is checked is what is connected to: a name is asked once, and of its addresses only public ones are used', async () => {
  connects = 0;
  let asked = 0;
  // Public when somebody looks, private a moment later: the answer that is checked is the one that is used.
  const resolveName: ResolveName = (_name, _options, done) => {
    asked += 1;
    done(null, [{ address: asked === 1 ? '127.0.0.1' : '93.184.216.34', family: 4 }]);
  };
  await expect(ask(`http://flips.example:${port}/`, { resolveName })).rejects.toThrow('private network');
  expect([asked, connects]).toEqual([1, 0]);
  const both: ResolveName = (_name, _options, done) =>
    done(null, [
      { address: '127.0.0.1', family: 4 },
      { address: '::ffff:127.0.0.1', family: 6 },
    ]);
  await expect(ask(`http://both.example:${port}/`, { resolveName: both })).rejects.toThrow('private network');
  expect(connects).toBe(0);
  expect(['93.184.216.34', '2606:2800:220:1::1'].map(isPublicAddress)).toEqual([true, true]);
});

test('a host that the installation allows may be private, at the port it names', async () => {
  const allowedHosts = [`127.0.0.1:${port}`];
  expect((await ask(`http://127.0.0.1:${port}/`, { allowedHosts })).text).toBe('hello');
  expect((await ask(`http://localhost:${port}/`, { allowedHosts: ['localhost'] })).text).toBe('hello');
  await expect(ask(`http://127.0.0.1:${port + 1}/`, { allowedHosts })).rejects.toThrow('private network');
});

test('a redirect comes back as it is, and leads nowhere', async () => {
  const before = connects;
  const answer = await ask(`http://127.0.0.1:${port}/redirect`, { allowedHosts: ['127.0.0.1'] });
  expect([answer.status, connects - before]).toEqual([302, 1]);
});

test('an answer that is too large or too slow ends with a sentence', async () => {
  const allowedHosts = ['127.0.0.1'];
  await expect(ask(`http://127.0.0.1:${port}/large`, { allowedHosts })).rejects.toThrow('too much');
  await expect(ask(`http://127.0.0.1:${port}/slow`, { allowedHosts, timeoutMs: 200 })).rejects.toThrow(
    'within 0.2 s',
  );
});

test('other schemes, and names and passwords in addresses, are refused', async () => {
  await expect(ask('ftp://example.org/')).rejects.toThrow('http and https');
  await expect(ask('http://user:pass@example.org/')).rejects.toThrow('name and password');
});
