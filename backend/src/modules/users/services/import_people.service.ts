import { type PeopleCsv, type RowProblem, readPeopleCsv } from '@raptscallions/zod-schemas/people_csv';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import {
  actFromCommandLine,
  type CommandTools,
  readFromCommandLine,
} from '../../audit/services/act_from_command_line.service';
import { invitePerson } from '../../auth/services/invite_person.service';

export type ImportedPeople = {
  added: number;
  /** who can sign in by a password only, since no invitation reaches them */
  withoutAddress: UserId[];
  /** of the file, and of those who were refused when their turn came */
  problems: RowProblem[];
};

/** What a file of people would do, as the page shows it before anybody is added. */
export function previewPeople(tools: CommandTools, tenantId: TenantId, text: string): Promise<PeopleCsv> {
  return readFromCommandLine(tools, tenantId, text, async ({ db }, file) => {
    const groups = await db.groups.where(stored({ tenantId })).select('groupId', 'name');
    const contacts = await db.userContacts.where(stored({ tenantId })).select('email', 'username');
    const known = contacts.flatMap(({ email, username }) => [email, username?.toLowerCase()]);
    return readPeopleCsv(file, groups, new Set(known.filter((one) => one != null)));
  });
}

/** Invites everybody in the file who can be, one after another; a row that is refused stops no other. */
export async function importPeople(
  tools: CommandTools,
  tenantId: TenantId,
  text: string,
): Promise<ImportedPeople> {
  const { rows, problems } = await previewPeople(tools, tenantId, text);
  const done: ImportedPeople = { added: 0, withoutAddress: [], problems: [...problems] };
  for (const { line, ...person } of rows) {
    try {
      const what = { tenantId, action: 'auth.invite' } as const;
      const { userId } = await actFromCommandLine(tools, what, person, invitePerson);
      done.added++;
      if (person.email === undefined) done.withoutAddress.push(userId);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      done.problems.push({ line, column: null, problem: error.message });
    }
  }
  done.problems.sort((a, b) => a.line - b.line);
  return done;
}
