import type { Run } from '@raptscallions/zod-schemas/chat.zod';

/** Whether its answer is still to come. */
export function isOpen(run: Pick<Run, 'status'>): boolean {
  return run.status === 'pending' || run.status === 'processing';
}
