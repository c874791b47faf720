import type { RunStatus } from '@raptscallions/zod-schemas/chat.zod';
import type { DataFrame } from './frame_reader';

const ended: RunStatus[] = ['completed', 'failed', 'cancelled', 'blocked'];

/** The runs whose end these frames carry: what was streamed of them is in rows now, or void. */
export function findEndedRuns(frames: readonly DataFrame[]): { runId: string; attempt: number }[] {
  return frames.flatMap((frame) => {
    if (frame.kind === 'gone') return [];
    return frame.rows.flatMap((sent) => {
      if (sent.table !== 'runs') return [];
      const { runId, attempt, status } = sent.row;
      return ended.includes(status) ? [{ runId, attempt }] : [];
    });
  });
}
