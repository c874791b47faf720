import { connect, type Socket } from 'node:net';
import { clock } from '../run_latency/clock';

/** What is asked of a process that holds streams, and what it says. Times are of `clock`. */
export type StreamRequest = {
  url: string;
  path: string;
  cookie: string;
  body: string;
  headers: Record<string, string>;
};
export type ToStreams = { kind: 'open'; requests: StreamRequest[] } | { kind: 'collect' } | { kind: 'close' };
export type FromStreams =
  /** `news`: how many were told of a marked write before their first cursor */
  | { kind: 'opened'; connectMs: number[]; news: number }
  /** of each stream, in the order of the requests: number of a write and when it was read, one after the other */
  | { kind: 'arrivals'; streams: number[][]; bytes: number }
  | { kind: 'failed'; reason: string };

type Stream = { socket: Socket; rest: string; arrivals: number[]; hadNews: boolean };
let streams: Stream[] = [];
let bytes = 0;

/** Opens one and resolves, with its milliseconds, when the first cursor is there. */
function open({ url, path, cookie, body, headers }: StreamRequest): Promise<{ stream: Stream; ms: number }> {
  const { hostname, port } = new URL(url);
  const begun = clock();
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.setNoDelay(true);
    const stream: Stream = { socket, rest: '', arrivals: [], hadNews: false };
    const lines = Object.entries({
      host: `${hostname}:${port}`,
      cookie,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
    let ready = false;
    let head = '';
    socket.on('data', (chunk) => {
      const at = clock();
      bytes += chunk.length;
      const text = stream.rest + chunk.toString('latin1');
      for (const match of text.matchAll(/@(\d+)@/g)) stream.arrivals.push(Number(match[1]), at);
      // A mark may be cut in two; one that was counted must not be seen again.
      stream.rest = /@\d*$/.exec(text)?.[0] ?? '';
      if (text.endsWith('@') && /@\d+@$/.test(text)) stream.rest = '';
      if (ready) return;
      head += text;
      if (head.includes('"kind":"cursor"')) {
        ready = true;
        head = '';
        stream.hadNews = stream.arrivals.length > 0;
        stream.arrivals = [];
        resolve({ stream, ms: at - begun });
      } else if (!text.startsWith('HTTP/1.1 200') && text.startsWith('HTTP'))
        reject(new Error(text.slice(0, 300)));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed before the first cursor')));
  });
}

async function openAll(requests: StreamRequest[]): Promise<FromStreams> {
  const opened = await Promise.all(requests.map(open));
  streams = opened.map(({ stream }) => stream);
  return {
    kind: 'opened',
    connectMs: opened.map(({ ms }) => ms),
    news: streams.filter(({ hadNews }) => hadNews).length,
  };
}

const say = (message: FromStreams) => process.send?.(message);

process.on('message', async (message: ToStreams) => {
  if (message.kind === 'open')
    await openAll(message.requests).then(say, (error: unknown) =>
      say({ kind: 'failed', reason: String(error) }),
    );
  if (message.kind === 'collect') {
    say({ kind: 'arrivals', streams: streams.map(({ arrivals }) => arrivals), bytes });
    for (const stream of streams) stream.arrivals = [];
    bytes = 0;
  }
  if (message.kind === 'close') {
    for (const { socket } of streams) socket.destroy();
    streams = [];
  }
});
process.on('disconnect', () => process.exit(0));
