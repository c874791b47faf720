import { expect, test } from 'vitest';
import { ownConfig, readConfigFields } from './read_config_fields';

test('a JSON Schema becomes fields, in its order', () => {
  const fields = readConfigFields({
    type: 'object',
    properties: {
      mode: { type: 'string', title: 'Mode', enum: ['a', 'b'], description: 'how' },
      kinds: { type: 'array', items: { type: 'string', enum: ['x', 'y'] } },
      words: { type: 'array', items: { type: 'string' } },
      on: { type: 'boolean' },
      most: { type: 'integer', minimum: 1, maximum: 9 },
      reply: { type: 'string', maxLength: 80 },
      odd: { type: 'object' },
    },
  });
  expect(fields.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'mode choice',
    'kinds choices',
    'words lines',
    'on switch',
    'most number',
    'reply text',
    'odd other',
  ]);
  expect(fields[0]).toMatchObject({ title: 'Mode', hint: 'how', options: ['a', 'b'] });
});

test('a place keeps only what differs from what counts anyway', () => {
  expect(ownConfig({ a: 1, b: ['x'], c: 'n' }, { a: 1, b: ['y'] })).toEqual({ b: ['x'], c: 'n' });
});
