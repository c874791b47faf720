import { randomInt } from 'node:crypto';
import { plainSchoolCode } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';

/**
 * A school code that is free: the name in plain letters, with a number where somebody has that one.
 * @param db of the system role
 */
export async function chooseSchoolCode(db: Db, name: string): Promise<string> {
  const plain = plainSchoolCode(plainSchoolCode(name).slice(0, 24));
  let code = plain.length >= 3 ? plain : `school-${randomInt(1_000, 10_000)}`;
  while (await isTaken(db, code)) {
    code = `${plain || 'school'}-${randomInt(1_000, 10_000)}`;
  }
  return code;
}

async function isTaken(db: Db, schoolCode: string): Promise<boolean> {
  if (await db.tenants.includeDeleted().where({ schoolCode }).exists()) return true;
  return db.retiredSchoolCodes.where({ schoolCode }).exists();
}
