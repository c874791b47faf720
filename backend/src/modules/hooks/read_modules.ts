import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { bundleModule } from '@raptscallions/module-sdk/bundle_module';
import { type ModuleManifest, parseManifest } from '@raptscallions/module-sdk/module_manifest';
import { moduleName } from '@raptscallions/zod-schemas/hook.zod';

/** A folder as it was read: a module, or what is wrong with it. */
export type ReadModule = { name: string; stamp: string } & (
  | { manifest: ModuleManifest; code: string; key: string }
  | { problem: string }
);

/** Beyond this a folder is not one of ours. */
const mostFiles = 500;

/**
 * Reads the folders that have changed since they were read; the others are handed back as they are. A folder
 * without a `module.yaml` is not a module.
 * @param known what was read before, by name
 */
export async function readModules(
  folder: string,
  known: ReadonlyMap<string, ReadModule>,
): Promise<Map<string, ReadModule>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const read = new Map<string, ReadModule>();
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const place = path.join(folder, name);
    const stamp = await stampOf(place);
    if (stamp === undefined) continue;
    const before = known.get(name);
    read.set(name, before?.stamp === stamp ? before : { name, stamp, ...(await readModule(place, name)) });
  }
  return read;
}

async function readModule(place: string, name: string) {
  try {
    if (!moduleName.safeParse(name).success)
      throw new Error('its folder has no name of lower-case words and hyphens');
    const manifest = parseManifest(await readFile(path.join(place, 'module.yaml'), 'utf8'));
    if (manifest.name !== name)
      throw new Error(`module.yaml: it is called ${manifest.name}, its folder ${name}`);
    const code = await bundleModule(place);
    const key = createHash('sha256').update(JSON.stringify(manifest)).update(code).digest('hex');
    return { manifest, code, key };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Changes with every file in the folder; undefined without a module.yaml. */
async function stampOf(place: string): Promise<string | undefined> {
  const files = await readdir(place, { recursive: true, encoding: 'utf8' }).catch((): string[] => []);
  if (!files.includes('module.yaml')) return undefined;
  const hash = createHash('sha256');
  for (const file of files.sort().slice(0, mostFiles)) {
    const found = await stat(path.join(place, file)).catch(() => undefined);
    if (found?.isFile()) hash.update(`${file} ${found.mtimeMs} ${found.size}\n`);
  }
  return hash.digest('hex');
}
