import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { FromStreams, StreamRequest, ToStreams } from './socket_streams';

/** Streams held by processes of their own, so that reading them does not slow what is measured. */
export class StreamProcesses {
  private readonly children: ChildProcess[];

  /** @param script speaks `ToStreams` and `FromStreams` */
  constructor(
    private readonly count: number,
    script = 'socket_streams.ts',
    execArgv: string[] = [],
  ) {
    this.children = Array.from({ length: count }, () =>
      fork(path.join(import.meta.dirname, script), {
        serialization: 'advanced',
        execArgv: [...process.execArgv, ...execArgv],
      }),
    );
  }

  /** Opens them all at once: milliseconds each took to its first cursor, and how many had news by then. */
  async open(requests: StreamRequest[]): Promise<{ connectMs: number[]; news: number }> {
    const answers = await this.ask((at) => ({
      kind: 'open',
      requests: requests.filter((_, index) => index % this.count === at),
    }));
    const opened = answers.flatMap((answer) => (answer.kind === 'opened' ? [answer] : []));
    return {
      connectMs: opened.flatMap(({ connectMs }) => connectMs),
      news: opened.reduce((sum, { news }) => sum + news, 0),
    };
  }

  /** What came since the last time, in the order of the requests. */
  async collect(): Promise<{ streams: number[][]; bytes: number }> {
    const answers = await this.ask(() => ({ kind: 'collect' }));
    const streams: number[][] = [];
    let bytes = 0;
    for (const [at, answer] of answers.entries()) {
      if (answer.kind !== 'arrivals') continue;
      bytes += answer.bytes;
      for (const [index, arrivals] of answer.streams.entries()) streams[index * this.count + at] = arrivals;
    }
    return { streams, bytes };
  }

  closeStreams(): void {
    for (const child of this.children) child.send({ kind: 'close' } satisfies ToStreams);
  }

  stop(): void {
    for (const child of this.children) child.kill('SIGKILL');
  }

  private ask(message: (at: number) => ToStreams): Promise<FromStreams[]> {
    return Promise.all(
      this.children.map(
        (child, at) =>
          new Promise<FromStreams>((resolve, reject) => {
            child.once('message', (answer: FromStreams) =>
              answer.kind === 'failed' ? reject(new Error(answer.reason)) : resolve(answer),
            );
            child.send(message(at));
          }),
      ),
    );
  }
}
