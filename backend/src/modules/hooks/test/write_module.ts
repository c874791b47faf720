import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder of modules of the test's own. */
export function makeModuleFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'rapt-modules-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

let written = 0;

/**
 * Writes a module as its author would, and gives it a new time, since two writes may fall into one tick.
 * @param body of `defineModule({ … })`, or a whole index.ts when it exports by itself
 */
export function writeModule(
  folder: string,
  name: string,
  body: string,
  manifest: Record<string, unknown> = {},
): void {
  const place = path.join(folder, name);
  mkdirSync(place, { recursive: true });
  const whole = {
    name,
    version: '1.0.0',
    description: 'A module of a test',
    hooks: ['chat:before_ai'],
    ...manifest,
  };
  // JSON is YAML.
  writeFileSync(path.join(place, 'module.yaml'), JSON.stringify(whole));
  const source = /^\s*(export|import)\b/m.test(body)
    ? body
    : `import { defineModule } from '@raptscallions/module-sdk/define_module';\nexport default defineModule({ ${body} });\n`;
  writeFileSync(path.join(place, 'index.ts'), source);
  written++;
  const time = new Date(Date.now() - 1_000_000 + written * 1_000);
  utimesSync(path.join(place, 'index.ts'), time, time);
}
