import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { ChunkFrame } from './frame_reader';
import type { RunText } from './run_texts';

/** What the tabs of one person tell each other. */
export type TabMessage =
  /** to the leader: there is something new in the outbox */
  | { kind: 'edited' }
  /** to the leader: these runs are looked at in the tab; replaces what it said before */
  | { kind: 'watch'; tabId: string; runIds: RichId<'run'>[] }
  /** to the leader: send me the texts of running answers */
  | { kind: 'hello' }
  /** to the leader: somebody signed in again */
  | { kind: 'resume' }
  /** to the leader: the position was given up, load everything anew */
  | { kind: 'reload' }
  /** to the others: I lead now, say what you watch */
  | { kind: 'leading' }
  | { kind: 'chunk'; chunk: ChunkFrame }
  | { kind: 'texts'; texts: [runId: string, text: RunText][] }
  | { kind: 'ended'; runId: string; attempt: number }
  /** to the others: whether this device has room left */
  | { kind: 'room'; full: boolean }
  /** to the others: this person has signed out of this device */
  | { kind: 'signed_out' };
