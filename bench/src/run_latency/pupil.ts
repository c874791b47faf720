import { randomUUID } from 'node:crypto';
import { Agent, type IncomingMessage, request } from 'node:http';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { unpackSyncRows, type WireRows } from '@raptscallions/zod-schemas/sync_table';
import { type AnswerTimes, AnswerWatch } from './answer_times';
import { clock } from './clock';

type Frame =
  | { kind: 'rows'; scope: string; rows: WireRows[] }
  | { kind: 'cursor'; cursor: string }
  | { kind: 'chunk'; runId: string; attempt: number; seq: number; text: string }
  | { kind: 'gone' | 'reset' | 'pull' | 'end' };

/** A pupil's browser as the server sees it: one stream that is always open, and pushes over kept connections. */
export class Pupil {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 2 });
  private readonly syncClientId = newId('device');
  private mid = 0;
  private streamed: IncomingMessage | undefined;
  private readonly watches = new Map<string, { watch: AnswerWatch; words: number; done: () => void }>();

  constructor(
    private readonly url: string,
    private readonly cookie: string,
    private readonly chatSessionId: string,
  ) {}

  async open(): Promise<void> {
    const scopes = new Set<string>();
    let cursor: string | null = null;
    let next: string | null = null;
    do {
      const page: { frames: Frame[]; next: string | null } = await this.call('sync/pull', {
        syncClientId: this.syncClientId,
        cursor: null,
        scopes: [],
        next,
      });
      for (const frame of page.frames) {
        if (frame.kind === 'rows') scopes.add(frame.scope);
        if (frame.kind === 'cursor') cursor = frame.cursor;
      }
      next = page.next;
    } while (next !== null);
    const body = { syncClientId: this.syncClientId, cursor, scopes: [...scopes], streamId: randomUUID() };
    this.streamed = await this.post('sync/stream', body, false);
    let rest = '';
    this.streamed.setEncoding('utf8');
    this.streamed.on('data', (piece: string) => {
      const readAt = clock();
      const events = (rest + piece).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        const at = event.indexOf('data: ');
        if (at < 0) continue;
        const { json: frame }: { json: Frame } = JSON.parse(event.slice(at + 6));
        if (frame.kind === 'rows') this.readRows(frame.rows);
        if (frame.kind !== 'chunk') continue;
        const watched = this.watches.get(frame.runId);
        watched?.watch.read(frame.text, readAt);
        if (watched && watched.watch.words >= watched.words) watched.done();
      }
    });
  }

  /** The whole answer comes with the row of its run, and may overtake the last words of the stream. */
  private readRows(rows: WireRows[]): void {
    for (const { table, row } of rows.flatMap(unpackSyncRows)) {
      if (table !== 'runs') continue;
      const { runId, status } = row;
      if (status !== 'pending' && status !== 'processing') this.watches.get(runId)?.done();
    }
  }

  /** Asks in the chat, and watches the answer to its last word. */
  async ask(text: string, words: number): Promise<AnswerTimes> {
    const runId = newId('run');
    const watch = new AnswerWatch(clock());
    const whole = new Promise<void>((done) => this.watches.set(runId, { watch, words, done }));
    await this.send(runId, text);
    await whole;
    this.watches.delete(runId);
    return watch.times();
  }

  /** Asks, and waits until the server says that the run has ended. */
  async askToEnd(text: string): Promise<void> {
    const runId = newId('run');
    const watch = new AnswerWatch(clock());
    const ended = new Promise<void>((done) =>
      this.watches.set(runId, { watch, words: Number.POSITIVE_INFINITY, done }),
    );
    await this.send(runId, text);
    await ended;
    this.watches.delete(runId);
  }

  /** Asks, stops after the first words, and says when the stop was asked for. */
  async askAndStop(text: string): Promise<number> {
    const runId = newId('run');
    const watch = new AnswerWatch(clock());
    const begun = new Promise<void>((done) => this.watches.set(runId, { watch, words: 3, done }));
    await this.send(runId, text);
    await begun;
    this.watches.delete(runId);
    const asked = clock();
    await this.call('chat/stop', { runId });
    return asked;
  }

  close(): void {
    this.streamed?.destroy();
    this.agent.destroy();
  }

  private async send(runId: string, text: string): Promise<void> {
    const { chatSessionId, syncClientId } = this;
    const args = {
      chatSessionId,
      runId,
      text,
      messageId: newId('message'),
      answerMessageId: newId('message'),
    };
    this.mid++;
    const mutations = [{ mid: this.mid, name: 'chat.send', args }];
    const { lastMid } = await this.call<{ lastMid: number }>('sync/push', { syncClientId, mutations });
    if (lastMid !== this.mid) throw new Error('a message was not taken');
  }

  private async call<Answer>(path: string, input: object): Promise<Answer> {
    const res = await this.post(path, input, true);
    const parts: Buffer[] = [];
    for await (const part of res) parts.push(part);
    const text = Buffer.concat(parts).toString();
    if (res.statusCode !== 200) throw new Error(`${path}: ${res.statusCode} ${text}`);
    const { json }: { json: Answer } = JSON.parse(text);
    return json;
  }

  private post(path: string, input: object, keep: boolean): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const req = request(
        `${this.url}/rpc/${path}`,
        {
          method: 'POST',
          headers: { cookie: this.cookie, 'content-type': 'application/json' },
          agent: keep ? this.agent : false,
        },
        resolve,
      );
      req.on('error', reject);
      req.end(JSON.stringify({ json: input }));
    });
  }
}
