import { existsSync, readFileSync } from 'node:fs';
import { report } from './report.mjs';
import { runCommand } from './run_command.mjs';

/** Where the browser tests look too (`e2e/src/browser.ts`). */
const chromium = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/**
 * Makes sure that the browser of the browser tests is there. Playwright's own download is not used: it comes
 * from a host that many school and build networks do not let through, Debian's package from the usual mirror.
 * @throws {Error} saying what to install, where that cannot be done from here
 */
export async function findChromium() {
  if (existsSync(chromium)) return;
  const advice = `The browser tests need Chromium at ${chromium}.`;
  const elsewhere = `${advice} Install your system's Chromium and name it by CHROMIUM_PATH.`;
  if (process.env.CHROMIUM_PATH) throw new Error(elsewhere);
  const isDebian =
    // Ubuntu says that it is like Debian, but its package of that name is a snap's.
    existsSync('/usr/bin/apt-get') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
  if (!isDebian) throw new Error(elsewhere);
  const command = `${advice} Install it with: sudo apt-get install chromium`;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && (await runCommand('sudo', ['-n', 'true'], { quiet: true })).code !== 0)
    throw new Error(command);

  const startedAt = performance.now();
  report('chromium', 'installing…');
  const prefix = isRoot ? [] : ['sudo', '-n'];
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const [program, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    const { code, output } = await runCommand(program, rest, { quiet: true });
    if (code !== 0) throw new Error(`${command}\n${output}`);
  }
  report('chromium', 'installed', startedAt);
}
