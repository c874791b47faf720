import { createHash, randomBytes } from 'node:crypto';
import { groupPath } from '@raptscallions/zod-schemas/group_path';
import type { SetUpInputZod } from '@raptscallions/zod-schemas/me.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { z } from 'zod';
import type { Db } from '../../../db/db';
import { AppError } from '../../../lib/app_error';
import { chooseSchoolCode } from '../../tenants/services/choose_school_code.service';
import { createUser } from './create_user.service';

const identifier = 'set-up';
const linkMs = 24 * 60 * 60_000;
const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');

/**
 * The secret of a link by which whoever started the server becomes its first administrator; null when there are
 * people already. Only its hash is kept, for a day. Every process that starts may print one of its own.
 * @param db of the system role
 */
export async function offerSetUp(db: Db): Promise<string | null> {
  if (await db.users.includeDeleted().exists()) return null;
  const token = randomBytes(32).toString('base64url');
  const expiresAt = Date.now() + linkMs;
  await db.authVerifications.insert({
    id: newId('verification'),
    identifier,
    value: hashOf(token),
    expiresAt,
  });
  return token;
}

/**
 * Makes the first school and its first administrator, once: the link is used up, and all others like it.
 * @param db of the system role
 * @throws AppError NOT_FOUND for a link that is wrong, used or older than a day
 */
export async function setUpSchool(
  db: Db,
  { token, schoolName, name, email, password }: z.output<typeof SetUpInputZod>,
): Promise<void> {
  await db.$transaction(async () => {
    // Deleting them locks them: of two who use a link at once the second finds none.
    const known = await db.authVerifications.where({ identifier }).delete().select('value', 'expiresAt');
    const right = known.some(({ value, expiresAt }) => value === hashOf(token) && expiresAt > Date.now());
    if (!right || (await db.users.includeDeleted().exists())) {
      throw new AppError(
        'NOT_FOUND',
        'This link has been used or is older than a day. Restart the server to get another.',
      );
    }
    const [tenantId, groupId] = [newId('tenant'), newId('group')];
    const schoolCode = await chooseSchoolCode(db, schoolName);
    await db.tenants.insert({ tenantId, name: schoolName, schoolCode });
    const path = groupPath(null, groupId);
    await db.groups.insert({ tenantId, groupId, name: schoolName, kind: 'district', path });
    // The address is taken as theirs on the word of whoever runs the server.
    const person = { tenantId, name, email, password, status: 'active' as const, emailVerified: true };
    const userId = await createUser(db, person);
    const groupMemberId = newId('groupmember');
    await db.groupMembers.insert({ tenantId, groupMemberId, groupId, userId, role: 'system_admin' });
  });
}
