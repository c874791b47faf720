import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const TriggerZod = z.object({
  workflow: z.string(),
  recipients: z.array(z.object({ distinct_id: z.string(), $email: z.array(z.string()).optional() })),
  data: z.record(z.string(), z.string()),
  $idempotency_key: z.string(),
});
export type Trigger = z.output<typeof TriggerZod>;

/**
 * SuprSend as far as a workflow's trigger goes: checks the form of the request and its signature's place,
 * delivers once for an idempotency key, and answers with the status codes it was told to give first.
 */
export async function startSuprsendStub() {
  const delivered = new Map<string, Trigger>();
  const statuses: number[] = [];
  const refused: string[] = [];
  const server = createServer((req, res) => {
    let text = '';
    req.on('data', (piece) => {
      text += piece;
    });
    req.on('end', () => {
      const read = TriggerZod.safeParse(JSON.parse(text || 'null'));
      const signed = /^key:[A-Za-z0-9+/=]{20,}$/.test(req.headers.authorization ?? '');
      const status = statuses.shift() ?? (req.url === '/trigger/' && signed && read.success ? 202 : 400);
      if (status < 300 && read.success) delivered.set(read.data.$idempotency_key, read.data);
      else refused.push(`${status} ${req.url}`);
      res.writeHead(status, { 'content-type': 'text/plain' });
      res.end(status < 300 ? 'ok' : 'no');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    /** what it would deliver, each once */
    delivered: () => [...delivered.values()],
    refused,
    /** the next requests are answered with these */
    answerWith: (...next: number[]) => void statuses.push(...next),
    close: () => new Promise<void>((closed) => server.close(() => closed())),
  };
}
