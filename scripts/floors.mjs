import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { cruise } from 'dependency-cruiser';
import { floorRules, standsOnFloor } from './floor_rules.mjs';
import { root } from './run_command.mjs';

// `yarn check:floors`: imports go down only. dependency-cruiser passes without a word when it cannot read a
// file, so what it read is held against what there is.

process.chdir(root);

const folders = ['backend/src', 'frontend/src', 'packages', 'bench/src', 'prove/src', 'e2e/src'].filter(
  (folder) => existsSync(folder),
);
const isSource = (/** @type {string} */ file) =>
  /[.]tsx?$/.test(file) && !/[.]d[.]ts$/.test(file) && !/(^|\/)(node_modules|[.]types|dist)\//.test(file);

/** Fewer means that most of the code was not read. */
const fewestFiles = 60;

const { output } = await cruise(
  folders,
  {
    ruleSet: { forbidden: floorRules },
    validate: true,
    exclude: { path: '^packages/[^/]+/[.]types/' },
    doNotFollow: { path: 'node_modules' },
    // Otherwise an import of types only would not be seen, nor told from one of values.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css', '.d.ts'],
    },
  },
  undefined,
);
if (typeof output === 'string')
  throw new Error('dependency-cruiser gave a report where its findings were expected.');

const read = new Set(
  output.modules.filter(({ dependencies }) => dependencies.length > 0).map(({ source }) => source),
);
const cruised = new Set(output.modules.map(({ source }) => source));
const sources = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join(folder, file.split(path.sep).join('/')))
    .filter(isSource),
);

/** @type {string[]} */
const complaints = [];
if (sources.length < fewestFiles || cruised.size < fewestFiles) {
  complaints.push(
    `Only ${cruised.size} files were read and ${sources.length} are there; ${fewestFiles} is the least.`,
  );
}
for (const file of sources) {
  if (!cruised.has(file))
    complaints.push(`${file} was not read: is its syntax newer than dependency-cruiser's TypeScript?`);
  if (/^(backend|frontend)\//.test(file) && !standsOnFloor(file)) {
    complaints.push(
      `${file} stands on no floor: name it by its suffix, or add its place to scripts/floor_rules.mjs.`,
    );
  }
}
if (!read.has('backend/src/db/db.ts'))
  complaints.push('backend/src/db/db.ts has no imports: nothing was resolved.');

const comments = new Map(floorRules.map(({ name, comment }) => [name, comment]));
for (const { rule, from, to, cycle } of output.summary.violations) {
  const way = cycle ? cycle.map(({ name }) => name).join(' → ') : to;
  complaints.push(`${from} → ${way}\n    ${rule.name}: ${comments.get(rule.name)}`);
}

if (complaints.length > 0) {
  console.error(
    `${complaints.join('\n')}\n${complaints.length} against the floors, in ${sources.length} files.`,
  );
  process.exit(1);
}
console.log(
  `${sources.length} files stand on their floors, ${output.summary.totalDependenciesCruised} imports checked.`,
);
