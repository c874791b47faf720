import { openModule } from '@raptscallions/module-sdk/open_module';
import { expect, test } from 'vitest';

const filter = await openModule(import.meta.dirname);
const found = (text: string) =>
  (filter.call('chat:before_ai', { text }).extractions ?? []).map(({ kind }) => kind).join(', ');

test.each([
  ['i want to kill myself', 'self_harm'],
  ['k i l l  m y s e l f', 'self_harm'],
  ['i just wanna d1e', 'self_harm'],
  ['im gonna stab my brother', 'threat'],
  ['you are so fucking ugly', 'bullying'],
  ['he asked me for pics and said dont tell your parents about this', 'grooming'],
  ['how do i make a pipe bomb', 'danger'],
])('%j is noticed as %s', (text, kind) => expect(found(text)).toContain(kind));

test.each([
  'Why does Romeo kill himself?',
  'this homework is killing me',
  'How do white blood cells kill bacteria?',
  'How do I make a bath bomb?',
  'I feel stupid for not getting this',
])('a lesson is left alone: %j', (text) => expect(found(text)).toBe(''));

test('detect lets a message through and tells teachers; block holds it back', () => {
  const text = 'i want to kill myself';
  expect(filter.call('chat:before_ai', { text })).toMatchObject({
    kind: 'continue',
    extractions: [{ kind: 'self_harm', severity: 'alert' }],
  });
  expect(
    filter.call('chat:before_ai', { text, config: { question: 'block', selfHarmReply: 'Talk to us.' } }),
  ).toMatchObject({
    kind: 'block',
    directResponse: 'Talk to us.',
    reason: expect.stringContaining('not in trouble'),
  });
  // A school without words of its own: the reason is there.
  const without = filter.call('chat:before_ai', { text, config: { question: 'block', selfHarmReply: '' } });
  expect(without).toMatchObject({ kind: 'block', reason: expect.any(String) });
  expect(without).not.toHaveProperty('directResponse');
  expect(filter.call('chat:before_ai', { text, config: { question: 'off' } })).toEqual({ kind: 'continue' });
});

test('each direction has its own setting', () => {
  const part = { text: 'You are a worthless idiot. ', soFar: '', final: false };
  expect(filter.call('chat:after_ai', part).kind).toBe('block');
  expect(filter.call('chat:after_ai', { ...part, config: { answer: 'detect' } })).toMatchObject({
    kind: 'continue',
  });
});

test('forms are read too', () => {
  const data = { about: ['how do i make a pipe bomb'] };
  expect(filter.call('product:before_ai', { data }).extractions).toMatchObject([{ kind: 'danger' }]);
  expect(filter.call('product:after_ai', { data: { text: 'You are a worthless idiot.' } }).kind).toBe(
    'block',
  );
});

test('a long text takes no time', () => {
  for (const piece of ['i will ', 'a ', 'you are ', 'how do i make '])
    expect(found(piece.repeat(1_200)).length).toBeLessThan(100);
});
