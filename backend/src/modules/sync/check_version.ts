import type { IncomingHttpHeaders } from 'node:http';
import { otherVersion, syncVersion, syncVersionHeader } from '@raptscallions/zod-schemas/sync.zod';
import { AppError } from '../../lib/app_error';

/**
 * Refuses a browser whose app was built with other frames or columns than ours: it would put values into the
 * wrong columns, and we what it wrote. It keeps its outbox and updates. A program that says nothing is on its
 * own.
 * @throws AppError CONFLICT with the reason `other_version`
 */
export function checkVersion(headers: IncomingHttpHeaders): void {
  const theirs = headers[syncVersionHeader];
  if (theirs === undefined || theirs === syncVersion) return;
  throw new AppError(
    'CONFLICT',
    'This page is of another version than the server. Update it; nothing you wrote is lost.',
    { reason: otherVersion, version: syncVersion },
  );
}
