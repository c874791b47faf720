import { makePassword } from '@raptscallions/zod-schemas/make_password';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { writeCsv } from '@raptscallions/zod-schemas/write_csv';
import {
  actFromCommandLine,
  type CommandTools,
  readFromCommandLine,
} from '../../audit/services/act_from_command_line.service';
import { givePassword } from '../../auth/services/give_password.service';
import { showSignIn } from '../../auth/services/show_sign_in.service';

/**
 * New passwords for these people, as the CSV that the page saves its cards in; they are kept nowhere else.
 * @throws AppError NOT_FOUND, CONFLICT for somebody who is suspended; those before have theirs, and it is told
 */
export async function makeCards(
  tools: CommandTools,
  tenantId: TenantId,
  people: readonly UserId[],
): Promise<string> {
  const cards: (string | null)[][] = [];
  for (const userId of people) {
    const { name, schoolCode, email, username } = await readFromCommandLine(
      tools,
      tenantId,
      { userId },
      showSignIn,
    );
    const password = makePassword();
    const what = { tenantId, action: 'auth.givePassword' } as const;
    await actFromCommandLine(tools, what, { userId, password }, givePassword);
    cards.push([name, schoolCode, username ?? email, password]);
  }
  return writeCsv(['name', 'school code', 'username', 'password'], cards);
}
