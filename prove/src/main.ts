import { readdirSync } from 'node:fs';
import path from 'node:path';

/** `yarn prove <name> [options]`: runs one proof; its own options are described beside it. */
const known = readdirSync(import.meta.dirname, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const [name, ...options] = process.argv.slice(2);
if (!name || !known.includes(name)) {
  process.stderr.write(`Which one? yarn prove ${known.join(' | ')}\n`);
  process.exit(2);
}
const { prove }: { prove: (options: string[]) => Promise<boolean> } = await import(
  path.join(import.meta.dirname, name, `${name}.proof.ts`)
);
// What a proof has started ends with it, also when somebody loses patience.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  process.exit((await prove(options)) ? 0 : 1);
} catch (error) {
  // Not having been able to look is no proof either.
  process.stderr.write(`${name} could not be examined: ${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
}
