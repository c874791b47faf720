import { openModule } from '@raptscallions/module-sdk/open_module';
import { expect, test } from 'vitest';

const filter = await openModule(import.meta.dirname);
const masked = (text: string, config = {}) => {
  const result = filter.call('chat:before_ai', { text, config });
  return result.kind === 'continue' ? (result.modifications?.text ?? text) : `blocked: ${result.reason}`;
};

test.each([
  ['write me at lena.h@gmx.de ok', 'write me at [e-mail address] ok'],
  ['text me on 07700 900 461 later', 'text me on [phone number] later'],
  ['i live at 42 Maple Avenue', 'i live at [address]'],
  ['My name is Tobias Winkler and', 'My name is [name] and'],
  ['card 4111 1111 1111 1111', 'card [card number]'],
  ['IBAN DE89 3704 0044 0532 0130 00', 'IBAN [bank account]'],
  ['mail a@b.co or call +49 151 23456789', 'mail [e-mail address] or call [phone number]'],
])('%j becomes %j', (text, left) => expect(masked(text)).toBe(left));

test.each([
  '12 + 3 = 15, and 450 - 120 - 60 = 270',
  'The war lasted from 1914-1918',
  'Julia bought 5 packs of 12 spoons',
  'Martin Luther King gave his speech in 1963',
  '4111 1111 1111 1112 is a long number',
  'the first primes: 2 3 5 7 11 13 17 19 23 29',
])('a lesson stays as it is: %j', (text) => expect(masked(text)).toBe(text));

test('the school says what is looked for, and what happens then', () => {
  const text = 'lena.h@gmx.de, call 07700 900 461';
  expect(masked(text, { kinds: ['email'] })).toBe('[e-mail address], call 07700 900 461');
  expect(masked(text, { question: 'off' })).toBe(text);
  expect(masked(text, { question: 'detect' })).toBe(text);
  expect(masked(text, { question: 'block' })).toBe(
    'blocked: This looks personal: e-mail address, phone number. Please write it without that.',
  );
});

test('what the AI writes is masked too, and the log says which kinds and never what', () => {
  const result = filter.call('chat:after_ai', { text: 'Ask lena.h@gmx.de. ', soFar: '', final: false });
  expect(result).toEqual({
    kind: 'continue',
    modifications: { text: 'Ask [e-mail address]. ' },
    audit: { kinds: ['email'], count: 1 },
  });
});

test('forms are read to the last field', () => {
  const data = { topic: 'mail a@b.co', list: ['ok', { deep: 'call +49 151 23456789' }], pages: 3 };
  expect(filter.call('product:before_ai', { data })).toMatchObject({
    modifications: {
      data: { topic: 'mail [e-mail address]', list: ['ok', { deep: 'call [phone number]' }], pages: 3 },
    },
  });
  expect(filter.call('product:after_ai', { data: { text: 'nothing here' } })).toEqual({ kind: 'continue' });
});

test('a number that leads to a person holds a form back, since no label fits in its place', () => {
  const read = (data: Record<string, number | number[]>, config = {}) =>
    filter.call('product:before_ai', { data, config });
  const held = { kind: 'block', reason: expect.stringContaining('phone number') };
  expect(read({ phone: 4915123456789 })).toMatchObject(held);
  expect(read({ contactPhone: [7700900461] })).toMatchObject(held);
  expect(read({ id: 4111111111111111 })).toMatchObject({ kind: 'block' });
  expect(read({ phone: 4915123456789 }, { question: 'detect' })).toMatchObject({ kind: 'continue' });
  const lesson = { inhabitants: 83200000, year: 2024, cells: 37000000000, phone: 110 };
  expect(read(lesson)).toEqual({ kind: 'continue' });
});

test('a long text of digits takes no time', () => {
  expect(masked('1 '.repeat(4_000)).length).toBeGreaterThan(0);
  expect(masked('1'.repeat(8_000)).length).toBeGreaterThan(0);
  expect(masked('a@'.repeat(4_000)).length).toBeGreaterThan(0);
  expect(masked('Aa '.repeat(2_600)).length).toBeGreaterThan(0);
});
