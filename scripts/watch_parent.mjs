import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const checkMs = 1_000;

/**
 * Calls back once when the npm (or yarn) that runs us is gone. A signal sent to it alone reaches the shell in
 * between and not us, and we would go on without anybody to stop us. Not under npm, or on Windows: never.
 * @param {() => void} onGone
 */
export function watchParent(onGone) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const parent = process.ppid;
  // npm starts scripts by `sh -c`; whose child npm itself is does not concern us.
  const grandparent = readProcess(parent)?.name.endsWith('sh') ? readProcess(parent)?.parent : undefined;
  const timer = setInterval(() => {
    const still = process.ppid === parent && (!grandparent || readProcess(parent)?.parent === grandparent);
    if (still) return;
    clearInterval(timer);
    onGone();
  }, checkMs);
  timer.unref();
}

/** @param {number} pid @returns {{ name: string, parent: number } | undefined} */
function readProcess(pid) {
  try {
    if (process.platform === 'linux') {
      const [, name, parent] =
        /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      return { name, parent: Number(parent) };
    }
    const [parent, name] = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
    return { name, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
