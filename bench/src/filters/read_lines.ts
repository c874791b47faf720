import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** The lines of a JSONL file, or the items of a JSON array. @throws ZodError with the first that does not fit */
export function readLines<T>(file: string, item: z.ZodType<T>): T[] {
  const text = readFileSync(file, 'utf8').trim();
  const read: unknown[] = text.startsWith('[')
    ? JSON.parse(text)
    : text.split('\n').map((line): unknown => JSON.parse(line));
  return read.map((each) => item.parse(each));
}
