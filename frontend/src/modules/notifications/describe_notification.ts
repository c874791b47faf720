import type { Notification } from '@raptscallions/zod-schemas/notification.zod';

/** A notification in the words in which its template would say it. */
export function describeNotification({ workflow, data }: Pick<Notification, 'workflow' | 'data'>): string {
  const { className = 'a class', teacher = 'Somebody', tool = 'a tool' } = data;
  switch (workflow) {
    case 'assignment-created':
      return `${teacher} gave “${tool}” to ${className}.`;
    case 'class-joined':
      return `You teach ${className} now.`;
    case 'usage-near-limit': {
      const { group = 'A group', percent = '90', period = 'month' } = data;
      return `${group} has used ${percent} % of the AI it may use this ${period}.`;
    }
    case 'roster-trouble': {
      const { source = 'a source', status, reason = '' } = data;
      return status === 'held'
        ? `The roster of ${source} waits for you: ${reason}`
        : `The roster of ${source} could not be read: ${reason}`;
    }
  }
}
