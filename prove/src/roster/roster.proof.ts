import { parseArgs } from 'node:util';
import { proveKills } from './prove_kills';
import { proveWays } from './prove_ways';
import { createRosterDatabase } from './roster_database';

/**
 * `yarn prove roster [--kills N] [--seeds N] [--seed X] [--enrolments N]`, see README.md.
 * @returns whether nothing was violated
 */
export async function prove(options: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: options,
    options: {
      kills: { type: 'string', default: '50' },
      seeds: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      enrolments: { type: 'string', default: '3000' },
    },
  });
  const [kills, seeds, seed, enrolments] = [values.kills, values.seeds, values.seed, values.enrolments].map(
    Number,
  );
  if (![kills, seeds, seed, enrolments].every((number) => Number.isInteger(number) && Number(number) >= 0)) {
    throw new Error('--kills, --seeds, --seed and --enrolments are whole numbers');
  }
  const database = await createRosterDatabase();
  try {
    const killed = await proveKills(database, {
      kills: kills ?? 0,
      seed: seed ?? 1,
      enrolments: enrolments ?? 0,
    });
    const ways = await proveWays(database, { seeds: seeds ?? 0, seed: seed ?? 1 });
    const violations = [...killed.violations, ...ways.violations];
    for (const violation of violations) write(violation);
    write(
      `roster: ${killed.before + killed.after} kills (${killed.struck} while it ran; ${killed.before} left everything as before, ${killed.after} after), ` +
        `${ways.seeds} pairs of feeds of ${ways.rows} rows by four ways each, ${violations.length} violations`,
    );
    return violations.length === 0;
  } finally {
    await database.drop();
  }
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
