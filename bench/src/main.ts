import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Benchmark } from './benchmark';

/** `yarn bench <name>`: runs one comparison and prints its table and, last, one line of JSON. */
const folder = import.meta.dirname;
const known = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const name = process.argv[2]?.replaceAll('-', '_');
if (!name || !known.includes(name)) {
  process.stderr.write(`Which one? yarn bench ${known.join(' | ')}\n`);
  process.exit(2);
}
const { benchmark }: { benchmark: Benchmark } = await import(path.join(folder, name, `${name}.bench.ts`));
try {
  const { rows, ours, theirs } = await benchmark.measure();
  const ratio = Number((benchmark.lowerIsBetter ? theirs / ours : ours / theirs).toFixed(2));
  process.stdout.write(`\n${benchmark.title}\n\n`);
  console.table(rows);
  const { peer, target } = benchmark;
  process.stdout.write(
    `${JSON.stringify({ name, peer, ours, theirs, ratio, target, pass: ratio >= target })}\n`,
  );
  process.exit(0);
} catch (error) {
  // A missed target is a figure; only a measurement that could not be made is a failure.
  process.stderr.write(`${name} could not be measured: ${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
}
