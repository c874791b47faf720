import './check_node.mjs';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildBackend, buildFrontend } from './build.mjs';
import { findChromium } from './find_chromium.mjs';
import { installDependencies, runYarn } from './install.mjs';
import { formatDuration } from './report.mjs';
import { installedProgram, root, runCommand } from './run_command.mjs';

// `npm test`: every check and every test, browsers included; ends at the first stage that fails.

const reports = mkdtempSync(path.join(tmpdir(), 'rapt-test-'));
const unitReport = path.join(reports, 'unit.json');
const browserReport = path.join(reports, 'browser.json');

/** @param {string} file where the counts go */
const reporters = (file) => ['--reporter=default', '--reporter=json', `--outputFile=${file}`];

/** Each gives the exit code, or throws a sentence. @type {[string, () => Promise<number | void>][]} */
const stages = [
  ['install', installDependencies],
  // Early, so that a missing browser is not learnt after all else has run.
  ['browser', findChromium],
  ['check', async () => (await runCommand(process.execPath, [path.join(root, 'scripts', 'check.mjs')])).code],
  [
    'unit tests',
    async () => (await runCommand(installedProgram('vitest'), ['run', ...reporters(unitReport)])).code,
  ],
  ['proof of sync', async () => (await runYarn(['prove', 'sync', '--seeds', '12', '--minutes', '0.4'])).code],
  [
    'build',
    async () => {
      await Promise.all([buildBackend(), buildFrontend()]);
    },
  ],
  [
    'browser tests',
    async () =>
      (await runYarn(['workspace', '@raptscallions/e2e', 'test', ...reporters(browserReport)])).code,
  ],
];

/** @type {string[]} */
const summary = [];
let exitCode = 0;
for (const [name, run] of stages) {
  console.log(`\n── ${name}`);
  const startedAt = performance.now();
  try {
    exitCode = (await run()) ?? 0;
  } catch (error) {
    console.error(error.message);
    exitCode = 1;
  }
  const state = exitCode === 0 ? 'passed' : `FAILED (${exitCode})`;
  summary.push(`  ${name.padEnd(14)} ${state.padEnd(11)} ${formatDuration(performance.now() - startedAt)}`);
  if (exitCode !== 0) break;
}

const counts = [unitReport, browserReport].map(readCounts);
rmSync(reports, { recursive: true, force: true });
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`\n── summary\n${summary.join('\n')}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(exitCode);

/**
 * Reads a vitest report. A file that fails before its first test counts as one failure.
 * @param {string} file
 */
function readCounts(file) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The stage did not get so far.
    return { passed: 0, failed: 0 };
  }
  const broken = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ { status, assertionResults }) =>
      status === 'failed' && assertionResults.length === 0,
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
}
