import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { build, type Loader, type Plugin } from 'esbuild';

/** A source file of a module, or a word list beside it. */
const largestFile = 1024 * 1024;
const mostFiles = 100;
const loaders: Record<string, Loader> = { '.ts': 'ts', '.js': 'js', '.json': 'json', '.txt': 'text' };
const endings = ['', ...Object.keys(loaders), '/index.ts'];
const sdk = '@raptscallions/module-sdk/';
/** All that a module may take of the kit at run time; the rest is types. */
const sdkParts = ['define_module'];

/**
 * A module's `index.ts` and what it imports, as one script that leaves the module in `raptModule`. Files come
 * from its own folder and nowhere else: an import is resolved here, links followed, before anything is read.
 * @throws Error that names the import or the line at fault
 */
export async function bundleModule(folder: string): Promise<string> {
  const root = await realpath(folder);
  try {
    const { outputFiles } = await build({
      entryPoints: [path.join(root, 'index.ts')],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'raptModule',
      // What the engine knows; no newer syntax is left in.
      target: 'es2020',
      charset: 'utf8',
      // A tsconfig.json in the folder could point anywhere.
      tsconfigRaw: {},
      absWorkingDir: root,
      logLevel: 'silent',
      legalComments: 'none',
      plugins: [ownFilesOnly(root)],
    });
    const [script] = outputFiles;
    if (!script) throw new Error('the module is empty');
    return script.text;
  } catch (error) {
    throw new Error(explainBuild(error), { cause: error });
  }
}

function ownFilesOnly(root: string): Plugin {
  let files = 0;
  return {
    name: 'own files only',
    setup(build) {
      build.onResolve({ filter: /.*/ }, async ({ path: name, importer, kind }) => {
        if (kind === 'entry-point') return { path: await findOwn(root, root, 'index') };
        if (name.startsWith(sdk)) {
          const part = name.slice(sdk.length);
          if (sdkParts.includes(part)) return { path: part, namespace: 'sdk' };
          return { errors: [{ text: `Of ${sdk} only ${sdkParts.join(', ')} can be imported as a value.` }] };
        }
        if (!name.startsWith('./') && !name.startsWith('../')) {
          return {
            errors: [{ text: `"${name}" is not part of this module. There are no packages inside.` }],
          };
        }
        const found = await findOwn(root, path.dirname(importer), name);
        if (found) return { path: found };
        return { errors: [{ text: `"${name}" is no file in the folder of this module.` }] };
      });
      build.onLoad({ filter: /.*/, namespace: 'sdk' }, () => ({ contents: sdkScript, loader: 'js' }));
      build.onLoad({ filter: /.*/ }, async ({ path: file }) => {
        files++;
        if (files > mostFiles) return { errors: [{ text: `A module has at most ${mostFiles} files.` }] };
        const { size } = await stat(file);
        if (size > largestFile) return { errors: [{ text: `${path.basename(file)} is larger than 1 MB.` }] };
        return { contents: await readFile(file, 'utf8'), loader: loaders[path.extname(file)] };
      });
    },
  };
}

/** The part of the kit that runs inside: it only gives a module its type. */
const sdkScript = 'export function defineModule(hooks) { return hooks; }';

/** The file an import means, links followed; undefined when that is outside of the module or not there. */
async function findOwn(root: string, from: string, name: string): Promise<string | undefined> {
  for (const ending of endings) {
    const file = await realpath(path.resolve(from, name + ending)).catch(() => undefined);
    if (!file?.startsWith(root + path.sep) || !(path.extname(file) in loaders)) continue;
    if ((await stat(file)).isFile()) return file;
  }
  return undefined;
}

function explainBuild(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!('errors' in error) || !Array.isArray(error.errors)) return error.message;
  const [first] = error.errors;
  const at = first?.location ? `${first.location.file}, line ${first.location.line}: ` : '';
  return `${at}${first?.text ?? error.message}`;
}
