import { existsSync, readFileSync } from 'node:fs';
import { report } from './report.mjs';
import { runCommand } from './run_command.mjs';

const chromium = '/usr/bin/chromium';

/**
 * Makes sure that the browser of the browser tests is there. Playwright's own download is not used: it comes
 * from a host that many school and build networks do not let through, Debian's package from the usual mirror.
 * @throws {Error} saying what to install, where that cannot be done from here
 */
export async function findChromium() {
  if (existsSync(chromium)) return;
  const advice = `The browser tests need Chromium at ${chromium}.`;
  const isDebian =
    existsSync('/usr/bin/apt-get') && readFileSync('/etc/os-release', 'utf8').includes('debian');
  if (!isDebian) throw new Error(`${advice} Install your system's Chromium and link it there.`);
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
