import { setMaxListeners } from 'node:events';
import { pathToFileURL } from 'node:url';
import { clock } from '../run_latency/clock';
import type { FromStreams, StreamRequest, ToStreams } from './socket_streams';

// Its scheduler adds a listener to one signal for every pause it makes, which browsers do not count and Node warns of.
setMaxListeners(0);

/** As much of Zero's client as is used. */
type ZeroClient = {
  close(): Promise<void>;
  query: {
    classes: {
      where(
        column: 'class_id',
        is: '=',
        value: string,
      ): {
        materialize(): {
          addListener(heard: (rows: readonly { subject: string }[], state: string) => void): void;
        };
      };
    };
  };
};
type ZeroModule = { Zero: new (options: object) => ZeroClient; schema: object };

/** Its clients in a process of their own: `path` of a request is the file of its schema, `body` the class it reads. */
let arrivals: number[][] = [];
let clients: ZeroClient[] = [];
let opened = 0;

async function open({ url, path, body }: StreamRequest, mine: number[]): Promise<number> {
  const { Zero, schema }: ZeroModule = await import(pathToFileURL(path).href);
  const begun = clock();
  const client = new Zero({
    server: url,
    userID: `reader-${process.pid}-${++opened}`,
    schema,
    kvStore: 'mem',
    logLevel: 'error',
  });
  clients.push(client);
  return new Promise((resolve) => {
    const view = client.query.classes.where('class_id', '=', body).materialize();
    view.addListener((rows, state) => {
      const at = clock();
      for (const { subject } of rows) {
        const number = /@(\d+)@/.exec(subject)?.[1];
        if (number) mine.push(Number(number), at);
      }
      if (state === 'complete') resolve(clock() - begun);
    });
  });
}

const say = (message: FromStreams) => process.send?.(message);

process.on('message', async (message: ToStreams) => {
  if (message.kind === 'open') {
    arrivals = message.requests.map(() => []);
    const times = message.requests.map((request, at) => open(request, arrivals[at] ?? []));
    await Promise.all(times).then(
      (connectMs) => say({ kind: 'opened', connectMs, news: 0 }),
      (error: unknown) => say({ kind: 'failed', reason: String(error) }),
    );
  }
  if (message.kind === 'collect') {
    say({ kind: 'arrivals', streams: arrivals, bytes: Number.NaN });
    for (const mine of arrivals) mine.length = 0;
  }
  if (message.kind === 'close') {
    const leaving = clients;
    clients = [];
    await Promise.all(leaving.map((client) => client.close()));
  }
});
process.on('disconnect', () => process.exit(0));
