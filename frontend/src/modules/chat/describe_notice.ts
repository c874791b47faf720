import type { Run } from '@raptscallions/zod-schemas/chat.zod';

const sentences: Record<Exclude<Run['notice'], null>, string> = {
  slow: 'The AI is taking longer than usual. The message is safe, and we are still waiting for the answer.',
  retrying: 'The AI did not answer at once. We are trying again.',
  busy: 'Many people are asking the AI right now. The answer comes by itself as soon as there is room.',
};

/** What holds an answer up, for whoever waits for its first word; null when nothing is known to. */
export function describeNotice(run: Run | null): string | null {
  return run?.notice ? sentences[run.notice] : null;
}
