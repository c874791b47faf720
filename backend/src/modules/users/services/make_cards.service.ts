import { makePassword } from '@raptscallions/zod-schemas/make_password';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { writeCsv, writeCsvRow } from '@raptscallions/zod-schemas/write_csv';
import {
  actFromCommandLine,
  type CommandTools,
  readFromCommandLine,
} from '../../audit/services/act_from_command_line.service';
import { givePassword } from '../../auth/services/give_password.service';
import { showSignIn } from '../../auth/services/show_sign_in.service';

/**
 * New passwords for these people, appended to a CSV as the page saves its cards in; they are kept nowhere else, so
 * each is written down before the next is made.
 * @throws AppError NOT_FOUND, CONFLICT for somebody who is suspended
 */
export async function makeCards(
  tools: CommandTools,
  tenantId: TenantId,
  people: readonly UserId[],
  append: (text: string) => Promise<void>,
): Promise<void> {
  if (people.length > 0) await append(writeCsv(['name', 'school code', 'username', 'password'], []));
  for (const userId of people) {
    const card = await readFromCommandLine(tools, tenantId, { userId }, showSignIn);
    const password = makePassword();
    const what = { tenantId, action: 'auth.givePassword' } as const;
    await actFromCommandLine(tools, what, { userId, password }, givePassword);
    const { name, schoolCode, username, email } = card;
    await append(writeCsvRow([name, schoolCode, username ?? email, password]));
  }
}
