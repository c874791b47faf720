import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { startErrorReports } from './error_reports';
import { createLogger } from './logger';

test('without a DSN nothing is reported anywhere', async () => {
  expect(await startErrorReports({ NODE_ENV: 'test' })).toBeNull();
});

test('what is logged as an error is reported as the log shows it, and what people typed is not in it', async () => {
  const envelopes: string[] = [];
  const sentry = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part) => parts.push(part));
    req.on('end', () => {
      const body = Buffer.concat(parts);
      envelopes.push(String(req.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body));
      res.end('{}');
    });
  });
  await new Promise<void>((listening) => sentry.listen(0, '127.0.0.1', listening));
  const { port } = sentry.address() as AddressInfo;
  const report = await startErrorReports({ NODE_ENV: 'test', SENTRY_DSN: `http://key@127.0.0.1:${port}/1` });
  const logger = createLogger('info', { destination: { write: () => {} }, report });
  const failure = Object.assign(new Error('duplicate key value'), {
    code: '23505',
    severity: 'ERROR',
    detail: 'Key (email)=(theo@school.example) already exists.',
    table: 'user_contacts',
    constraint: 'user_contacts_email',
  });
  logger.warn({ err: new Error('only a warning') }, 'a warning');
  logger.error({ err: new Error('a write failed', { cause: failure }) }, 'a request failed');
  logger.error({ err: failure }, 'a request failed');
  for (let time = 0; time < 50; time++) {
    logger.error({ err: new Error('again') }, 'tried again');
    logger.error({ err: new Error('beside it') }, 'tried beside it');
  }
  logger.error({ err: new Error('the last') }, 'the end');
  await vi.waitFor(() => expect(envelopes.join('\n')).toContain('the last'), { timeout: 10_000 });
  await vi.waitFor(() => expect(envelopes.join('\n')).toContain('user_contacts_email'), { timeout: 10_000 });
  const sent = envelopes.join('\n');
  expect(sent).toContain('a write failed');
  expect(sent).toContain('a request failed');
  expect(envelopes.filter((each) => each.includes('tried again'))).toHaveLength(1);
  expect(envelopes.filter((each) => each.includes('tried beside it'))).toHaveLength(1);
  expect(sent).not.toContain('theo@');
  expect(sent).not.toContain('only a warning');
  sentry.closeAllConnections();
  sentry.close();
});
