import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { rosterSourceId } from '@raptscallions/zod-schemas/roster.zod';
import type { Db } from '../../../db/db';
import { storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import { eachByItself } from '../../../lib/each_by_itself';
import type { Logger } from '../../../lib/logger';
import { SourceBusyError } from '../with_roster_source';
import { importRoster } from './import_roster.service';

/** A file that was written to a moment ago may not be whole yet. */
const settledMs = 10_000;

/**
 * Reads the zips a school system has laid into `<folder>/<id of the source>`, oldest name first, and applies them
 * unless a brake holds them. What was read moves into `read` beside it, what is no roster into `refused`.
 * @returns how many were read
 * @throws what kept a folder from being read, when the others are done
 */
export async function watchRosterFolder(
  db: Db,
  databaseUrl: string,
  folder: string,
  logger: Logger,
  now = Date.now(),
): Promise<number> {
  let read = 0;
  await eachByItself(await readdir(folder), async (name) => {
    const id = rosterSourceId.safeParse(name);
    // An id is no path: nothing else in the folder is looked at.
    if (!id.success) return;
    // Ids are made in browsers: one that two schools have says nothing about whose file this is.
    const [source, twin] = await db.rosterSources.where({ rosterSourceId: storedId(id.data) }).limit(2);
    if (!source || twin) return;
    const { tenantId } = source;
    const place = path.join(folder, name);
    for (const file of (await readdir(place)).filter((each) => each.endsWith('.zip')).sort()) {
      const zipPath = path.join(place, file);
      const { mtimeMs } = await stat(zipPath);
      if (now - mtimeMs < settledMs) continue;
      try {
        const input = { tenantId, source: { rosterSourceId: id.data }, zipPath, decision: 'apply' } as const;
        const { status } = await importRoster(databaseUrl, { ...input, trigger: 'folder' });
        logger.info({ rosterSourceId: id.data, file, status }, 'a roster was taken from the watched folder');
        await moveTo(place, 'read', file, now);
        read += 1;
      } catch (error) {
        if (error instanceof SourceBusyError || !(error instanceof AppError)) throw error;
        logger.warn(
          { rosterSourceId: id.data, file, reason: error.message },
          'a file of the watched folder was refused',
        );
        await moveTo(place, 'refused', file, now);
      }
    }
  });
  return read;
}

async function moveTo(place: string, kind: 'read' | 'refused', file: string, now: number): Promise<void> {
  const target = path.join(place, kind);
  await mkdir(target, { recursive: true });
  await rename(
    path.join(place, file),
    path.join(target, `${new Date(now).toISOString().replaceAll(':', '')} ${file}`),
  );
}
