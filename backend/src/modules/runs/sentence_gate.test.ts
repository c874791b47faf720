import { expect, test } from 'vitest';
import { type AnswerPart, SentenceGate } from './sentence_gate';

function makeGate(check: (part: AnswerPart) => Promise<string | null>, begun = '') {
  const shown: string[] = [];
  return { shown, gate: new SentenceGate(check, (text) => shown.push(text), begun) };
}

test('nothing is shown before its sentence was checked, and all of it in order', async () => {
  const asked: AnswerPart[] = [];
  const { shown, gate } = makeGate(async (part) => {
    asked.push(part);
    // The first takes longest.
    for (let turn = 0; turn < 10 - asked.length; turn++) await Promise.resolve();
    return part.text.toUpperCase();
  });
  for (const piece of ['one', '. tw', 'o. ', 'thr', 'ee']) gate.push(piece);
  expect(shown).toEqual([]);
  await gate.end();
  expect(shown).toEqual(['ONE. ', 'TWO. ', 'THREE']);
  expect(asked).toEqual([
    { text: 'one. ', soFar: '', final: false },
    { text: 'two. ', soFar: 'ONE. ', final: false },
    { text: 'three', soFar: 'ONE. TWO. ', final: true },
  ]);
});

test('after a refusal nothing more is shown or asked', async () => {
  let asked = 0;
  const { shown, gate } = makeGate(async ({ text }) => {
    asked++;
    return text.includes('bad') ? null : text;
  });
  gate.push('good. bad. good again. ');
  gate.push('more. ');
  await gate.end();
  expect(shown).toEqual([]);
  expect(asked).toBe(1);
  expect(gate.raw).toBe('good. bad. good again. more. ');
});

test('half a sentence is not shown when the model breaks off', async () => {
  const { shown, gate } = makeGate(async ({ text }) => text, 'Before. ');
  gate.push('A whole one. And ha');
  await gate.breakOff();
  expect(shown).toEqual(['A whole one. ']);
});

test('an answer that ends with its sentence is still asked about once more, as the last part', async () => {
  const finals: boolean[] = [];
  const { gate } = makeGate(async ({ text, final }) => {
    finals.push(final);
    return text;
  });
  gate.push('The end.\n');
  await gate.end();
  expect(finals).toEqual([false, true]);
});
