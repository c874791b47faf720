import { expect, test } from 'vitest';
import { findSentenceEnd } from './find_sentence_end';

test.each([
  ['Leaves are green. And', 'Leaves are green. '],
  ['One. Two! Three? Fo', 'One. Two! Three? '],
  ['He said "no." Then', 'He said "no." '],
  ['Half a sen', ''],
  ['Not yet.', ''],
  ['Pi is 3.14 and', ''],
  ['Ask Dr. Weber about', ''],
  ['by J. R. Sm', ''],
  ['1. Take the first', ''],
  ['a line\nand more', 'a line\n'],
  ['- one\n- two\n- thr', '- one\n- two\n'],
  ['叶子是绿的。因为', '叶子是绿的。'],
])('of %j the whole sentences are %j', (text, whole) => {
  expect(text.slice(0, findSentenceEnd(text))).toBe(whole);
});

test('a sentence without an end is let go at a space, so that no word is cut', () => {
  const text = `${'word '.repeat(300)}half`;
  expect(text.slice(0, findSentenceEnd(text))).toBe('word '.repeat(300));
  expect(findSentenceEnd('x'.repeat(1_000))).toBe(1_000);
});
