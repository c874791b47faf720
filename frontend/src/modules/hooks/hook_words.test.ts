import { expect, test } from 'vitest';
import { describeReading } from './hook_words';

test('what a module reads is said in words of the classroom', () => {
  expect(describeReading(['chat:before_ai', 'chat:after_ai', 'product:before_ai'], ['history', 'tool'])).toBe(
    'Reads the question, the answer and the form. Also sees the chat so far and the tool.',
  );
  expect(describeReading(['chat:on_message'], [])).toBe('Reads a message.');
});
