import type { RosterRun } from '@raptscallions/zod-schemas/roster.zod';
import { mostRosterParts, rosterPartBytes } from '@raptscallions/zod-schemas/roster.zod';

/** The server waits a minute for a part: so much comes over the slowest line that is of any use, and moves the stalk. */
const leastPartBytes = 256 * 1024;
/** A part that is lost on the way is sent again after so long, ms. */
const waits = [500, 2_000, 8_000];

/** The largest file that can be sent at all. */
export const mostPackageBytes = mostRosterParts * rosterPartBytes;

/**
 * Sends a file part by part, each as often as it takes within reason: a lost line costs one part and no more.
 * @param onSent told after each part how many bytes the server has
 * @returns how many parts there were
 * @throws Error with the server's sentence when it refuses a part, or one about a file that is no longer as it was chosen
 */
export async function uploadPackage(
  rosterRunId: RosterRun['rosterRunId'],
  file: Blob,
  onSent: (bytes: number) => void,
): Promise<number> {
  const size = Math.min(rosterPartBytes, Math.max(leastPartBytes, Math.ceil(file.size / mostRosterParts)));
  const parts = Math.max(1, Math.ceil(file.size / size));
  for (let part = 0; part < parts; part++) {
    const bytes = await readPart(file.slice(part * size, (part + 1) * size));
    await sendPart(`/rpc/rosters/upload?run=${rosterRunId}&part=${part}`, bytes);
    onSent(Math.min(file.size, (part + 1) * size));
  }
  return parts;
}

/** A browser refuses to read a file that was written since it was chosen; sent as it is, that would look like a lost network. */
async function readPart(part: Blob): Promise<ArrayBuffer> {
  try {
    return await part.arrayBuffer();
  } catch {
    throw new Error('This file has changed, or gone, since it was chosen. Choose it again.');
  }
}

async function sendPart(address: string, body: ArrayBuffer): Promise<void> {
  for (let tries = 0; ; tries++) {
    const response = await fetch(address, { method: 'POST', body }).catch(() => null);
    if (response?.ok) return;
    if (response && response.status < 500 && response.status !== 408) {
      const { error }: { error?: string } = await response.json().catch(() => ({}));
      throw new Error(error ?? 'The server refused the file.');
    }
    const wait = waits[tries];
    if (wait === undefined)
      throw new Error('The server cannot be reached. Check the network and send it again.');
    await new Promise((over) => setTimeout(over, wait));
  }
}
