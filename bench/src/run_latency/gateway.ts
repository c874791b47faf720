import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { clock } from './clock';

/**
 * An endpoint that speaks OpenAI's chat completions at the pace of a quick model: the first word after 300 ms,
 * then one every 25 ms. Each word is the moment at which it was written, so that whoever reads it knows how
 * long it was on its way. `GET /` says when which questions were let go of, and how many came.
 */
const firstWordMs = 300;
const wordMs = 25;
const aborts: Record<string, number> = {};
let calls = 0;

const server = createServer((req, res) => {
  if (req.method === 'GET') {
    res.end(JSON.stringify({ aborts, calls }));
    return;
  }
  const parts: Buffer[] = [];
  req.on('data', (part: Buffer) => parts.push(part));
  req.on('end', () => void answer(Buffer.concat(parts).toString()));

  async function answer(body: string): Promise<void> {
    calls++;
    const { messages }: { messages: { content: string }[] } = JSON.parse(body);
    const question = messages.at(-1)?.content ?? '';
    const words = Number(/(\d+) words/.exec(question)?.[1] ?? 40);
    res.on('close', () => {
      if (!res.writableFinished) aborts[question] = clock();
    });
    const send = (delta: object, finish: string | null) =>
      res.write(
        `data: ${JSON.stringify({ model: 'paced', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
      );
    await sleep(firstWordMs);
    if (res.destroyed) return;
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.socket?.setNoDelay(true);
    const began = clock();
    for (let at = 0; at < words && !res.destroyed; at++) {
      // By the clock, not by adding up: a timer that is late once must not delay all that follows.
      const wait = began + at * wordMs - clock();
      if (wait > 0) await sleep(wait);
      send({ content: `${clock().toFixed(3)} ` }, null);
    }
    send({}, 'stop');
    res.write(
      `data: ${JSON.stringify({ model: 'paced', choices: [], usage: { prompt_tokens: 9, completion_tokens: words } })}\n\n`,
    );
    res.end('data: [DONE]\n\n');
  }
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address)
    process.stdout.write(`listening http://127.0.0.1:${address.port}\n`);
});
