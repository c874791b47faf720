import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * Reads what a running server notes about itself beside its data.
 * @returns its process id and port, or `undefined` when there is no (complete) note
 */
export function readPostmasterFile(dataDirectory: string): { pid: number; port: number } | undefined {
  try {
    const lines = readFileSync(path.join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    return pid > 0 && port > 0 ? { pid, port } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether some process has this id, whoever's it is. */
export function isAlive(pid: number): boolean {
  try {
    // Signal 0 is only looked at, never sent.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Removes the note of a server that was killed when its process id now belongs to some other program, which is
 * common after a power cut: PostgreSQL would take that program for itself and refuse to start. Should children
 * of the killed server still be alive, its own check of shared memory refuses for as long as they are.
 */
export function removeForeignPostmasterFile(dataDirectory: string): void {
  const note = readPostmasterFile(dataDirectory);
  if (!note) return;
  const name = readProcessName(note.pid);
  if (name !== undefined && !name.includes('postgres')) rmSync(path.join(dataDirectory, 'postmaster.pid'));
}

function readProcessName(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    if (process.platform === 'win32') return undefined;
    return execFileSync('ps', ['-p', String(pid), '-o', 'comm='], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
