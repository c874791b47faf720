import type {
  ReadSchoolCodeInputZod,
  SchoolCodeZod,
  SetSchoolCodeInputZod,
} from '@raptscallions/zod-schemas/tenant.zod';
import type { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { stored, storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { CommandContext, ReadContext } from '../../../procedures/context';

/** The code beside which user names count, for whoever looks after the whole school. @throws AppError NOT_FOUND */
export async function readSchoolCode(
  { dbRO, tenantId, actor }: Pick<ReadContext, 'dbRO' | 'tenantId' | 'actor'>,
  { groupId }: z.output<typeof ReadSchoolCodeInputZod>,
): Promise<z.output<typeof SchoolCodeZod>> {
  await checkTop({ db: dbRO, tenantId, actor }, groupId);
  const { schoolCode } = await dbRO.tenants.find(storedId(tenantId));
  return { __type: 'SchoolCode', schoolCode };
}

/** Each is kept from all other schools for good, so nobody may go through the likely ones. */
const mostRetired = 10;

/**
 * Gives the school another code at once. The one before is kept, so that whoever still types it is told so; the
 * school may take it back, and no other may have it, or its pupils would type their passwords there.
 * @throws AppError NOT_FOUND for a group that is not the topmost or not the actor's, CONFLICT for a code that
 * another school has or had, and after ten codes
 */
export async function setSchoolCode(
  ctx: CommandContext,
  { groupId, schoolCode }: z.output<typeof SetSchoolCodeInputZod>,
): Promise<void> {
  const { app, db, tenantId } = ctx;
  await checkTop(ctx, groupId);
  // Changes come one after another, so that what was free when it was looked at still is.
  await runSql(db, `select pg_advisory_xact_lock(hashtext('school codes'))`);
  const former = await db.tenants.find(storedId(tenantId)).get('schoolCode');
  if (former === schoolCode) return;
  // Other schools are behind the wall.
  const others = { schoolCode, tenantId: { not: storedId(tenantId) } };
  const [has, had] = [
    await app.systemDb.tenants.includeDeleted().where(others).exists(),
    await app.systemDb.retiredSchoolCodes.where(others).exists(),
  ];
  if (has || had)
    throw new AppError('CONFLICT', `Another school has “${schoolCode}”, or had it. Take another.`);
  const retired = db.retiredSchoolCodes.where(stored({ tenantId }));
  await retired.where({ schoolCode }).delete();
  if (former !== null && (await retired.count()) >= mostRetired) {
    throw new AppError(
      'CONFLICT',
      `This school has had ${mostRetired} codes before. Take one of those again.`,
    );
  }
  if (former !== null) await db.retiredSchoolCodes.insert({ tenantId, schoolCode: former });
  await db.tenants.find(storedId(tenantId)).update({ schoolCode });
}

async function checkTop(
  { db, tenantId, actor }: Pick<CommandContext, 'db' | 'tenantId' | 'actor'>,
  groupId: z.output<typeof ReadSchoolCodeInputZod>['groupId'],
): Promise<void> {
  const group = await db.groups.findByOptional(stored({ tenantId, groupId }));
  if (group?.parentGroupId !== null || !actor.adminGroupIds.includes(groupId)) {
    throw new AppError('NOT_FOUND', 'Only who looks after the whole school sees and changes its code.');
  }
}
