import type { ChunkWriter } from './chunk_writer';
import type { ClaimedRun } from './services/claim_run.service';

/** Takes what the model says, piece by piece. */
export type TextSink = {
  push(piece: string): void;
  /** whether anything has come */
  readonly received: boolean;
};

/** The text of one attempt on its way to whoever watches, and what of it is out. */
export class TextRelease implements TextSink {
  private seq = 0;
  /** what was released so far; at the end, the answer */
  text = '';
  firstTextAt: number | null = null;

  constructor(
    private readonly chunks: ChunkWriter,
    private readonly claimed: Pick<ClaimedRun, 'tenantId' | 'runId' | 'attempt'>,
  ) {}

  get received(): boolean {
    return this.text !== '';
  }

  /** The one place where text leaves the worker. */
  push(piece: string): void {
    // PostgreSQL stores no NUL, and nobody misses it.
    const text = piece.replaceAll('\0', '');
    if (text === '') return;
    this.firstTextAt ??= Date.now();
    this.text += text;
    const { tenantId, runId, attempt } = this.claimed;
    this.chunks.add({ tenantId, runId, attempt, seq: this.seq, text }, this.seq === 0);
    this.seq++;
  }

  /** Resolves when all of it can be read. */
  async end(): Promise<void> {
    if (this.seq > 0) await this.chunks.end(this.claimed);
  }
}
