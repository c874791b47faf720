import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readFirstLine } from './command_flags';
import { ownOf } from './define_command';

test('a password is the first line of its file with its blanks, whatever ends the line', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'rapt-line-'));
  const file = path.join(folder, 'password');
  const lineOf = async (text: string) => {
    await writeFile(file, text);
    return readFirstLine(file);
  };
  for (const end of ['', '\n', '\r\n', '\r', '\nanother\n']) {
    expect(await lineOf(` seven whales ${end}`), JSON.stringify(end)).toBe(' seven whales ');
  }
  await expect(lineOf('\nsecond')).rejects.toThrow('The file has no first line.');
  await rm(folder, { recursive: true });
});

test('no command is called as what every object has', () => {
  expect([ownOf({ list: 1 }, 'list'), ownOf({ list: 1 }, 'constructor'), ownOf({ list: 1 }, '')]).toEqual([
    1,
    undefined,
    undefined,
  ]);
});
