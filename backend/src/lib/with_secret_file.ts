import { open, rm } from 'node:fs/promises';

/**
 * Makes a file that nobody else of the machine can read, for passwords or somebody's words, before the work that
 * fills it: what it is to hold must not be lost for want of a place. What was written stays when the work fails; a
 * file with nothing in it does not.
 * @throws Error when there is such a file already, and whatever the work throws
 */
export async function withSecretFile<T>(
  file: string,
  work: (append: (text: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  const opened = await open(file, 'wx', 0o600);
  let isEmpty = true;
  try {
    return await work(async (text) => {
      isEmpty = false;
      await opened.appendFile(text);
    });
  } finally {
    await opened.close();
    if (isEmpty) await rm(file);
  }
}
