import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { SyncFrame } from '@raptscallions/zod-schemas/sync.zod';

/** One event stream over a socket of its own, read frame by frame; it can stop reading, and be cut anywhere. */
export class StreamReader {
  readonly frames: SyncFrame[] = [];
  heartbeats = 0;
  bytes = 0;
  isClosed = false;
  private text = '';
  private readonly wakes = new Set<() => void>();

  private constructor(
    private readonly req: ClientRequest,
    private readonly res: IncomingMessage,
    private readonly onFrame: (frame: SyncFrame, reader: StreamReader) => void,
  ) {
    res.on('data', (part: Buffer) => this.take(part));
    for (const event of ['close', 'error', 'end'] as const)
      res.on(event, () => {
        this.isClosed = true;
        this.wake();
      });
  }

  static open(
    url: string,
    headers: Record<string, string>,
    body: object,
    onFrame: (frame: SyncFrame, reader: StreamReader) => void = () => {},
  ): Promise<StreamReader> {
    return new Promise((resolve, reject) => {
      const req = request(url, {
        method: 'POST',
        agent: false,
        headers: { 'content-type': 'application/json', ...headers },
      });
      req.on('error', reject);
      req.on('response', (res) => resolve(new StreamReader(req, res, onFrame)));
      req.end(JSON.stringify({ json: body }));
    });
  }

  /** The first frame, past or to come, that fits. */
  async until(fits: (frame: SyncFrame) => boolean): Promise<SyncFrame> {
    for (let from = 0; ; ) {
      for (; from < this.frames.length; from++) {
        const frame = this.frames[from];
        if (frame && fits(frame)) return frame;
      }
      if (this.isClosed) throw new Error(`the stream ended after ${JSON.stringify(this.frames.at(-1))}`);
      await this.next();
    }
  }

  async untilHeartbeats(count: number): Promise<void> {
    while (this.heartbeats < count && !this.isClosed) await this.next();
  }

  async untilClosed(): Promise<void> {
    while (!this.isClosed) await this.next();
  }

  pause(): void {
    this.res.pause();
    this.res.socket.pause();
  }

  resume(): void {
    this.res.socket.resume();
    this.res.resume();
  }

  cut(): void {
    this.isClosed = true;
    this.req.destroy();
    this.wake();
  }

  private take(part: Buffer): void {
    if (this.isClosed) return;
    this.bytes += part.length;
    this.text += part.toString();
    for (let end = this.text.indexOf('\n\n'); end >= 0 && !this.isClosed; end = this.text.indexOf('\n\n')) {
      const event = this.text.slice(0, end);
      this.text = this.text.slice(end + 2);
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (!data) this.heartbeats += event === ': here' ? 1 : 0;
      else {
        const frame: SyncFrame = JSON.parse(data).json;
        this.frames.push(frame);
        this.onFrame(frame, this);
      }
    }
    this.wake();
  }

  private next(): Promise<void> {
    return new Promise((resolve) => this.wakes.add(resolve));
  }

  private wake(): void {
    for (const wake of this.wakes) wake();
    this.wakes.clear();
  }
}
