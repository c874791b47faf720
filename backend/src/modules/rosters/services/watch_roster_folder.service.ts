import { access, constants, lstat, mkdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { rosterSourceId } from '@raptscallions/zod-schemas/roster.zod';
import type { Db } from '../../../db/db';
import { storedId } from '../../../db/stored_id';
import { AppError, isDatabaseAway, isSerializationFailure } from '../../../lib/app_error';
import { eachByItself } from '../../../lib/each_by_itself';
import type { Logger } from '../../../lib/logger';
import { SourceBusyError } from '../with_roster_source';
import { importRoster } from './import_roster.service';

/** A file that was written to within the last minute may not be whole yet: slow lines pause. */
const settledMs = 60_000;

/**
 * Reads the zips a school system has laid into `<folder>/<id of the source>`, oldest name first, and applies them
 * unless a brake holds them. What was read moves into `read` beside it, what cannot be into `refused`, so that
 * nothing is read every minute anew; while the source or the database is busy a file waits where it is.
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
    for (const file of (await readdir(place)).filter((each) => /[.]zip$/i.test(each)).sort()) {
      const zipPath = path.join(place, file);
      // Not what a link leads to: whoever lays files in here may be a school, and next door lies another one's.
      const found = await lstat(zipPath);
      if (!found.isFile() || now - found.mtimeMs < settledMs) continue;
      // Before it is read: a file that could not be moved would be applied again with every minute.
      await prepareToMove(place);
      try {
        const input = { tenantId, source: { rosterSourceId: id.data }, zipPath, decision: 'apply' } as const;
        const { status } = await importRoster(databaseUrl, { ...input, trigger: 'folder' });
        logger.info({ rosterSourceId: id.data, file, status }, 'a roster was taken from the watched folder');
        await moveTo(place, 'read', file, now);
        read += 1;
      } catch (error) {
        if (error instanceof SourceBusyError || isDatabaseAway(error) || isSerializationFailure(error))
          throw error;
        const at = { rosterSourceId: id.data, file };
        if (error instanceof AppError)
          logger.warn({ ...at, reason: error.message }, 'a file of the watched folder was refused');
        else logger.error({ ...at, err: error }, 'a file of the watched folder could not be imported');
        await moveTo(place, 'refused', file, now);
      }
    }
  });
  return read;
}

type Outcome = 'read' | 'refused';

async function prepareToMove(place: string): Promise<void> {
  for (const kind of ['read', 'refused'] satisfies Outcome[])
    await mkdir(path.join(place, kind), { recursive: true });
  await access(place, constants.W_OK);
}

async function moveTo(place: string, kind: Outcome, file: string, now: number): Promise<void> {
  await rename(
    path.join(place, file),
    path.join(place, kind, `${new Date(now).toISOString().replaceAll(':', '')} ${file}`),
  );
}
