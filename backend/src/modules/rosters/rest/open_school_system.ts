import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { RosterConnection } from '@raptscallions/zod-schemas/roster.zod';
import { AppError } from '../../../lib/app_error';
import type { SecretBox } from '../../../lib/secret_box';
import { SchoolSystem, type SchoolSystemOptions } from './school_system';

type Input = {
  rosterSourceId: RichId<'rostersource'>;
  connection: RosterConnection | null;
  sealedSecret: string | null;
  secretBox: SecretBox;
} & SchoolSystemOptions;

/** The school system behind a source. @throws AppError BAD_REQUEST while its address or secret is missing */
export function openSchoolSystem({
  rosterSourceId,
  connection,
  sealedSecret,
  secretBox,
  ...options
}: Input): SchoolSystem {
  if (!connection) throw new AppError('BAD_REQUEST', 'This source gets files and cannot be asked.');
  if (sealedSecret === null)
    throw new AppError('BAD_REQUEST', 'The secret of this school system is missing. Enter it again.');
  let secret: string;
  try {
    secret = secretBox.open(sealedSecret, rosterSourceId);
  } catch {
    throw new AppError(
      'BAD_REQUEST',
      'The secret was stored under another key of this installation. Enter it again.',
    );
  }
  return new SchoolSystem(connection, secret, options);
}
