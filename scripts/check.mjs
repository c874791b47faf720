import './check_node.mjs';
import { installDependencies } from './install.mjs';
import { formatDuration } from './report.mjs';
import { installedProgram, root, runCommand } from './run_command.mjs';

/** Everything that is checked without running the code; each must pass, warnings included. */
const checks = {
  biome: [installedProgram('biome'), 'check', '--error-on-warnings', '.'],
  types: [installedProgram('tsc'), '-b'],
  floors: [process.execPath, `${root}/scripts/floors.mjs`],
  unused: [installedProgram('knip')],
};

await installDependencies();
const results = await Promise.all(
  Object.entries(checks).map(async ([name, [command, ...args]]) => {
    const startedAt = performance.now();
    const { code, output } = await runCommand(command, args, { quiet: true });
    // Whole and under its name, though four speak at once.
    console.log(
      `\n${name}: ${code === 0 ? 'passed' : 'FAILED'} in ${formatDuration(performance.now() - startedAt)}`,
    );
    if (output.trim()) console.log(output.trimEnd());
    return { name, passed: code === 0 };
  }),
);
const failed = results.filter(({ passed }) => !passed).map(({ name }) => name);
console.log(failed.length === 0 ? '\nEvery check passed.' : `\nFailed: ${failed.join(', ')}.`);
process.exit(failed.length === 0 ? 0 : 1);
