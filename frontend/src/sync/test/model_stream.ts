import type { SyncFrame } from '@raptscallions/zod-schemas/sync.zod';
import type { ModelServer, Position } from './model_server';

/** One open stream; also a tap for frames a test wants to send by hand. */
export class ModelStream implements AsyncIterable<SyncFrame> {
  #queue: SyncFrame[] = [];
  #wake: (() => void) | undefined;
  #broken: Error | undefined;
  #ended = false;
  #position: Position;
  #allowed = new Set<string>();
  #accessVersion = -1;

  constructor(
    readonly server: ModelServer,
    readonly userId: string,
    position: Position,
    readonly signal: AbortSignal,
  ) {
    this.#position = position;
    server.streams.add(this);
    signal.addEventListener('abort', () => this.break(new DOMException('aborted', 'AbortError')));
    this.tick(true);
  }

  tick(first = false): void {
    const { server, userId } = this;
    if (this.#accessVersion !== server.accessVersion) {
      this.#accessVersion = server.accessVersion;
      this.#allowed = server.scopesOf(userId, this.#position.syncClientId);
    }
    const frames = server.frames(userId, this.#position, this.#allowed);
    if (frames.length === 1 && !first && frames[0]?.kind === 'cursor') return;
    const held = new Set(this.#position.scopes);
    for (const frame of frames) {
      if (frame.kind === 'rows') held.add(frame.scope);
      if (frame.kind === 'gone') for (const scope of frame.scopes) held.delete(scope);
    }
    this.#position = { ...this.#position, cursor: this.server.cursor(), scopes: [...held] };
    this.send(...frames);
  }

  send(...frames: SyncFrame[]): void {
    this.#queue.push(...frames);
    this.#wake?.();
  }

  /** Ends it as the server does on shutdown: what was queued arrives. */
  end(): void {
    this.#ended = true;
    this.server.streams.delete(this);
    this.#wake?.();
  }

  /** Cuts it as a network does: what was queued, or any part of it, is lost. */
  break(error: Error = new TypeError('network error'), keep = 0): void {
    this.#queue = this.#queue.slice(0, keep);
    this.#broken = error;
    this.server.streams.delete(this);
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<SyncFrame> {
    try {
      while (true) {
        const frame = this.#queue.shift();
        if (frame) yield frame;
        else if (this.#broken) throw this.#broken;
        else if (this.#ended) return;
        else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.server.streams.delete(this);
    }
  }
}
