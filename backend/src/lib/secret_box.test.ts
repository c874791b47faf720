import { expect, test } from 'vitest';
import { createSecretBox } from './secret_box';

const box = createSecretBox('a'.repeat(40));

test('what was sealed opens for what it belongs to, and never looks the same twice', () => {
  const sealed = box.seal('pässword', 'source-1');
  expect(box.open(sealed, 'source-1')).toBe('pässword');
  expect(box.seal('pässword', 'source-1')).not.toBe(sealed);
  expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('ssword');
});

test('it opens for nothing else, with no other key, and not when a bit has changed', () => {
  const sealed = box.seal('password', 'source-1');
  expect(() => box.open(sealed, 'source-2')).toThrow();
  expect(() => createSecretBox('b'.repeat(40)).open(sealed, 'source-1')).toThrow();
  const bytes = Buffer.from(sealed, 'base64');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  expect(() => box.open(bytes.toString('base64'), 'source-1')).toThrow();
  expect(() => box.open('', 'source-1')).toThrow();
});
