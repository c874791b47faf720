import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** A file as it was typed. Yarn changes the folder, so a path means what it meant where the command was typed. */
export const fileFlag = z
  .string()
  .min(1)
  .transform((file) => path.resolve(process.env.INIT_CWD ?? '.', file));

/** A day or a moment, in milliseconds since 1970. */
export const momentFlag = z
  .string()
  .transform((text) => Date.parse(text))
  .pipe(
    z.number(
      'Write a day such as 2026-11-21 (it begins at 0:00 UTC), or a moment such as 2026-11-21T08:00Z.',
    ),
  );

/** How a list is printed. */
export const formatFlag = z.enum(['json', 'csv']).default('json');

export function readText(file: string): Promise<string> {
  return readFile(file, 'utf8');
}

/**
 * The first line of a file, blanks and all, as the sign-in page takes a password: never from the command line itself,
 * which every user of the machine can read.
 * @param file as it was typed; `-` is standard input
 */
export async function readFirstLine(file: string): Promise<string> {
  const text = await readText(file === '-' ? '/dev/stdin' : fileFlag.parse(file));
  const [line] = text.split(/\r?\n|\r$/, 1);
  if (!line) throw new Error('The file has no first line.');
  return line;
}
