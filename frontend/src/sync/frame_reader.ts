import type { SyncFrame } from '@raptscallions/zod-schemas/sync.zod';
import { decodeFrame, type RowsFrame } from './decode_frame';

export type DataFrame = RowsFrame | Extract<SyncFrame, { kind: 'gone' }>;
export type ChunkFrame = Extract<SyncFrame, { kind: 'chunk' }>;

/** Everything between two cursors; only whole is it a state the server was in. */
export type FrameBatch = { from: string | null; frames: DataFrame[]; cursor: string };

export type FrameEvent =
  | { kind: 'batch'; batch: FrameBatch }
  | Exclude<SyncFrame, { kind: 'rows' | 'gone' | 'cursor' }>;

/** Gathers the frames of one connection, or of the pages of one pull, into batches. */
export class FrameReader {
  #frames: DataFrame[] = [];
  #from: string | null;

  constructor(from: string | null) {
    this.#from = from;
  }

  /** What the frame completes, or undefined while more is to come. */
  read(frame: SyncFrame): FrameEvent | undefined {
    if (frame.kind === 'rows' || frame.kind === 'gone') {
      this.#frames.push(frame.kind === 'rows' ? decodeFrame(frame) : frame);
      return;
    }
    if (frame.kind !== 'cursor') return frame;
    const batch = { from: this.#from, frames: this.#frames, cursor: frame.cursor };
    this.#frames = [];
    this.#from = frame.cursor;
    return { kind: 'batch', batch };
  }
}
