import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** What a thread runs: a file of the built server, or, where the sources run as they are, a script made of them. */
export type ThreadProgram = { file: string } | { script: string };

export async function findThreadProgram(): Promise<ThreadProgram> {
  const built = path.join(import.meta.dirname, 'sandbox_thread.js');
  if (existsSync(built)) return { file: built };
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, 'sandbox_thread.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'silent',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(import.meta.filename).href) },
  });
  const [script] = outputFiles;
  if (!script) throw new Error('the program of the sandbox threads is empty');
  return { script: script.text };
}
