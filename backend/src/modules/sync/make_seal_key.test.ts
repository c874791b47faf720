import { newId } from '@raptscallions/zod-schemas/rich_id';
import { expect, test } from 'vitest';
import { makeSealKey } from './make_seal_key';

test('a person gets the same key at every sign-in, and nobody else gets it', () => {
  const [mine, other] = [newId('user'), newId('user')];
  const key = makeSealKey('a secret', mine);
  expect(makeSealKey('a secret', mine)).toBe(key);
  expect(makeSealKey('a secret', other)).not.toBe(key);
  expect(makeSealKey('another secret', mine)).not.toBe(key);
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
});
