import path from 'node:path';
import { build } from 'esbuild';

/** A script as one file; npm packages stay imports, which are found from the folder of this workspace. */
export async function bundle(script: string): Promise<string> {
  const from = path.relative(import.meta.dirname, script).replaceAll(path.sep, '_');
  const outfile = path.resolve(import.meta.dirname, '../dist', from.replace(/[.]ts$/, '.js'));
  await build({
    entryPoints: [script],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    logLevel: 'error',
    plugins: [
      {
        name: 'leave packages outside',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
            kind === 'entry-point' || name.startsWith('@raptscallions/')
              ? undefined
              : { path: name, external: true },
          ),
      },
    ],
  });
  return outfile;
}
