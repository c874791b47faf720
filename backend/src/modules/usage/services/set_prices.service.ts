import { abilityFor, may } from '@raptscallions/policies/ability';
import type {
  ModelPriceList,
  ModelPriceRemoveInputZod,
  ModelPriceSetInputZod,
  UsageGroupInputZod,
  UsageSetTimeZoneInputZod,
} from '@raptscallions/zod-schemas/usage.zod';
import type { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { stored, storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { CommandContext, CommandReadContext } from '../../../procedures/context';
import { checkTopRight, checkUsageRight } from './check_usage_right.service';

/** $1 tenant: models that were asked and have no price. */
const unpricedSql = `
  select distinct e.model from usage_entries e
  where e.tenant_id = $1 and e.provider = 'gateway' and e.created_at > now() - interval '30 days'
    and not exists (select from model_prices p where p.tenant_id = e.tenant_id and p.model in (e.model, '*'))
  order by e.model limit 50`;

/** The prices of the tenant, for whoever looks after the group that is named. @throws AppError NOT_FOUND */
export async function listPrices(
  ctx: CommandReadContext,
  { groupId }: z.output<typeof UsageGroupInputZod>,
): Promise<ModelPriceList> {
  checkUsageRight(ctx, 'read', groupId);
  const { dbRO, tenantId, actor } = ctx;
  const tops = await dbRO.groups.where({ ...stored({ tenantId }), parentGroupId: null }).select('groupId');
  const top = tops.find((group) => may(abilityFor(actor), 'update', 'Usage', group));
  const prices = await dbRO.modelPrices.where(stored({ tenantId })).order({ model: 'ASC' });
  const unpriced = await runSql<{ model: string }>(dbRO, unpricedSql, [storedId(tenantId)]);
  return {
    __type: 'ModelPriceList',
    items: prices.map(({ model, promptMicros, completionMicros }) => ({
      model,
      promptMicros: Number(promptMicros),
      completionMicros: Number(completionMicros),
    })),
    unpriced: unpriced.map(({ model }) => model),
    topGroupId: top?.groupId ?? null,
  };
}

/** Sets what a model costs from the next call on; calls that are settled keep their price. @throws AppError NOT_FOUND, FORBIDDEN */
export async function setPrice(
  ctx: CommandContext,
  price: z.output<typeof ModelPriceSetInputZod>,
): Promise<void> {
  await checkTopRight(ctx, price.groupId);
  const { model, promptMicros, completionMicros } = price;
  await ctx.db.modelPrices
    .create({
      tenantId: ctx.tenantId,
      model,
      promptMicros: String(promptMicros),
      completionMicros: String(completionMicros),
    })
    .onConflict(['tenantId', 'model'])
    .merge(['promptMicros', 'completionMicros']);
}

/** Removed already is done. @throws AppError NOT_FOUND, FORBIDDEN */
export async function removePrice(
  ctx: CommandContext,
  { groupId, model }: z.output<typeof ModelPriceRemoveInputZod>,
): Promise<void> {
  await checkTopRight(ctx, groupId);
  await ctx.db.modelPrices.where({ ...stored({ tenantId: ctx.tenantId }), model }).delete();
}

/** Says where the school is, from the next day and month on. @throws AppError NOT_FOUND, FORBIDDEN, BAD_REQUEST */
export async function setTimeZone(
  ctx: CommandContext,
  { groupId, timeZone }: z.output<typeof UsageSetTimeZoneInputZod>,
): Promise<void> {
  await checkTopRight(ctx, groupId);
  const { db, tenantId } = ctx;
  const known = await runSql(db, 'select from pg_timezone_names where name = $1', [timeZone]);
  if (known.length === 0 || !isKnownHere(timeZone)) {
    throw new AppError('BAD_REQUEST', `“${timeZone}” is no time zone. Write it like Europe/Berlin.`);
  }
  await db.tenants.where(stored({ tenantId })).update({ timeZone });
}

function isKnownHere(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
