import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { newId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { AppError } from '../../../lib/app_error';
import { type FeedRun, processFeed, type RosterReport } from '../process_feed';
import { openRosterPackage } from '../read_package';
import { type SourceName, withRosterSource } from '../with_roster_source';

export type ImportInput = {
  tenantId: TenantId;
  /** made under this name if there is none: a first file needs no other preparation */
  source: SourceName;
  zipPath: string;
  decision: FeedRun['decision'];
  trigger?: 'command' | 'folder';
};

/**
 * Reads a OneRoster zip that lies on this machine, compares it with what we hold and, unless it is a preview or a
 * brake holds it, applies it.
 * @throws AppError BAD_REQUEST for a file that is no roster or cannot be read, CONFLICT while another run of the source is on
 */
export async function importRoster(databaseUrl: string, input: ImportInput): Promise<RosterReport> {
  const { tenantId, source, zipPath, decision, trigger = 'command' } = input;
  return withRosterSource(databaseUrl, tenantId, { ...source, made: true }, async (open) => {
    const rosterRunId = newId('rosterrun');
    const run = [open.source.tenantUuid, uuidFromId('rosterrun', rosterRunId)];
    await open.client.query(
      `insert into public.roster_runs (tenant_id, roster_run_id, roster_source_id, status, work, trigger, file_name,
        counts, held_reasons, feed_started_at) values ($1, $2, $3, 'open', 'reading', $4, $5, '{}', '[]', now())`,
      [...run, open.source.sourceUuid, trigger, path.basename(zipPath).slice(0, 255)],
    );
    try {
      await open.client.query(
        'update public.roster_runs set file_hash = $3 where tenant_id = $1 and roster_run_id = $2',
        [...run, await hashFile(zipPath)],
      );
      const pack = await openRosterPackage(zipPath);
      try {
        return await processFeed(open, { databaseUrl, rosterRunId, decision }, pack);
      } finally {
        pack.close();
      }
    } catch (error) {
      const failure = error instanceof AppError ? error.message : 'Something went wrong on the server.';
      await open.client.query(
        `update public.roster_runs set status = 'failed', work = null, failure = $3, finished_at = now(), updated_at = now()
        where tenant_id = $1 and roster_run_id = $2`,
        [...run, failure],
      );
      throw error;
    }
  });
}

/** SHA-256 of a file, in hex. @throws AppError BAD_REQUEST for a file that is not there or not ours to read */
export async function hashFile(zipPath: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(zipPath), hash);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new AppError('BAD_REQUEST', unreadable[code] ?? `The file cannot be read (${code}).`);
  }
  return hash.digest('hex');
}

const unreadable: Record<string, string> = {
  ENOENT: 'There is no such file.',
  EACCES: 'The server may not read this file. Give it the right to.',
  EISDIR: 'This is a folder and not a zip.',
};
