import { request } from 'node:http';
import { type AnswerTimes, AnswerWatch } from './answer_times';
import { clock } from './clock';

/** One question to the gateway itself, over a connection of its own, with nothing in between. */
export function askDirectly(gatewayUrl: string, question: string): Promise<AnswerTimes> {
  const body = JSON.stringify({
    model: 'paced',
    stream: true,
    messages: [{ role: 'user', content: question }],
  });
  const watch = new AnswerWatch(clock());
  return new Promise((resolve, reject) => {
    const req = request(
      `${gatewayUrl}/v1/chat/completions`,
      { method: 'POST', headers: { 'content-type': 'application/json' }, agent: false },
      (res) => {
        let rest = '';
        res.setEncoding('utf8');
        res.on('data', (piece: string) => {
          const readAt = clock();
          const events = (rest + piece).split('\n\n');
          rest = events.pop() ?? '';
          for (const event of events) {
            if (!event.startsWith('data: {')) continue;
            const { choices }: { choices: { delta?: { content?: string } }[] } = JSON.parse(event.slice(6));
            const text = choices[0]?.delta?.content;
            if (text) watch.read(text, readAt);
          }
        });
        res.on('end', () => resolve(watch.times()));
        res.on('error', reject);
      },
    );
    req.on('error', reject);
    req.end(body);
  });
}
