import { randomInt } from 'node:crypto';
import type { Db } from '../../../db/db';

/**
 * A school code that is free: the name in plain letters, with a number where somebody has that one.
 * @param db of the system role
 */
export async function chooseSchoolCode(db: Db, name: string): Promise<string> {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 24);
  let code = plain.length >= 3 ? plain : `school-${randomInt(1_000, 10_000)}`;
  while (await db.tenants.includeDeleted().where({ schoolCode: code }).exists()) {
    code = `${plain || 'school'}-${randomInt(1_000, 10_000)}`;
  }
  return code;
}
