import type { RunStatus } from '@raptscallions/zod-schemas/chat.zod';
import { decodeSyncRow, syncTables } from '@raptscallions/zod-schemas/sync_table';
import type { DataFrame } from './frame_reader';

const ended: RunStatus[] = ['completed', 'failed', 'cancelled', 'blocked'];

/** The runs whose end these frames carry: what was streamed of them is in rows now, or void. */
export function findEndedRuns(frames: readonly DataFrame[]): { runId: string; attempt: number }[] {
  return frames.flatMap((frame) => {
    if (frame.kind === 'gone') return [];
    return frame.rows.flatMap(([number, , wire]) => {
      if (number !== syncTables.runs.number) return [];
      const { runId, attempt, status } = decodeSyncRow('runs', wire);
      return ended.includes(status) ? [{ runId, attempt }] : [];
    });
  });
}
