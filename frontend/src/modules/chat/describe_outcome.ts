import type { Message, Run } from '@raptscallions/zod-schemas/chat.zod';
import type { IconName } from '../../components/Icon';

/** How an answer ended that did not end by itself, in a sentence; null for a whole answer. */
export function describeOutcome(
  message: Message | null,
  run: Run | null,
  reader: 'pupil' | 'staff',
): { sentence: string; icon: IconName; canRetry: boolean } | null {
  switch (message?.outcome) {
    case 'stopped':
      return {
        sentence:
          reader === 'pupil' ? 'You stopped this answer here.' : 'The pupil stopped this answer here.',
        icon: 'stop',
        canRetry: run?.status === 'cancelled',
      };
    case 'interrupted':
      return {
        sentence: `Interrupted: ${run?.errorMessage ?? 'the rest did not come.'} What came is kept.`,
        icon: 'warn',
        canRetry: run?.status === 'failed',
      };
    case 'blocked':
      return { sentence: 'Held back by a filter of your school.', icon: 'lock', canRetry: false };
    default:
      return null;
  }
}
