import { expect, test } from 'vitest';
import type { AiMessage } from './ai_gateway';
import { countTokens } from './count_tokens';
import { fitHistory } from './fit_history';

const talk = (count: number, text = 'Leaves are green because they send green light back.'): AiMessage[] =>
  Array.from({ length: count }, (_, at) => ({
    role: at % 2 === 0 ? 'user' : 'assistant',
    content: `${at} ${text}`,
  }));

test('tokens are those of the published vocabulary', () => {
  expect(countTokens('hello world')).toBe(2);
  expect(countTokens('')).toBe(0);
});

test('words that look like control tokens count as text', () => {
  expect(countTokens('<|endoftext|>')).toBeGreaterThan(1);
});

test('a long run of one letter is counted in reasonable pieces', () => {
  expect(countTokens('a'.repeat(200_000))).toBeGreaterThan(1_000);
});

test('without a budget the last fifty messages are taken', () => {
  expect(fitHistory(talk(80), undefined).map(({ content }) => content)).toEqual(
    talk(80)
      .slice(30)
      .map(({ content }) => content),
  );
});

test('what fits is taken whole', () => {
  expect(fitHistory(talk(6), 10_000)).toEqual(talk(6));
});

test('the newest are kept within the budget, in their order, and one more would not fit', () => {
  const messages = talk(200);
  const budget = 500;
  const kept = fitHistory(messages, budget);
  const cost = (some: AiMessage[]) => some.reduce((sum, { content }) => sum + countTokens(content) + 4, 0);
  expect(kept).toEqual(messages.slice(-kept.length));
  expect(cost(kept)).toBeLessThanOrEqual(budget);
  expect(cost(messages.slice(-kept.length - 1))).toBeGreaterThan(budget);
});

test('nothing before a message that does not fit is taken', () => {
  const [first, second, third] = talk(3);
  if (!first || !second || !third) throw new Error('three were made');
  const long = { ...second, content: 'word '.repeat(5_000) };
  expect(fitHistory([first, long, third], 1_000)).toEqual([third]);
});

test('a budget that is used up leaves nothing', () => {
  expect(fitHistory(talk(3), 0)).toEqual([]);
  expect(fitHistory(talk(3), -100)).toEqual([]);
});
