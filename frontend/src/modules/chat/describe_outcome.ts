import type { Message, Run } from '@raptscallions/zod-schemas/chat.zod';
import type { IconName } from '../../components/Icon';

/** How an answer ended that did not end by itself, in a sentence; null for a whole answer. */
export function describeOutcome(
  message: Message | null,
  run: Run | null,
  reader: 'pupil' | 'staff',
): { sentence: string; icon: IconName; canContinue: boolean } | null {
  if (message && run?.continues && run.status === 'failed') {
    const why = run.errorMessage ?? 'the rest did not come.';
    return { sentence: `It did not go on: ${why}`, icon: 'warn', canContinue: true };
  }
  switch (message?.outcome) {
    case 'stopped':
      return {
        sentence:
          reader === 'pupil' ? 'You stopped this answer here.' : 'The pupil stopped this answer here.',
        icon: 'stop',
        canContinue: true,
      };
    case 'interrupted':
      return {
        sentence: `Interrupted: ${run?.errorMessage ?? 'the rest did not come.'} What came is kept.`,
        icon: 'warn',
        canContinue: true,
      };
    case 'cut':
      return {
        sentence: 'Cut here: the AI writes no more than this at once.',
        icon: 'more',
        canContinue: true,
      };
    case 'blocked':
      return { sentence: 'Held back by a filter of your school.', icon: 'lock', canContinue: false };
    default:
      return null;
  }
}
