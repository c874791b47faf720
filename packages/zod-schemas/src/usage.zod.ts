import { z } from 'zod';
import { groupId } from './group.zod';
import { timestampNumber } from './timestamp';

/**
 * Money is counted in micros, millionths of a US dollar, in which gateways price: whole numbers, so that sums
 * are exact. A price is in micros for a million tokens.
 */
const micros = z.int().min(0).max(1_000_000_000_000);
/** The price of every model that has none of its own. */
export const anyModel = '*';
const modelName = z.string().trim().min(1).max(200);

/** The stretches of time over which a limit counts; days and months begin where the school is. */
export const usagePeriod = z.enum(['minute', 'hour', 'day', 'month']);
export type UsagePeriod = z.infer<typeof usagePeriod>;

/** Null: no limit of this kind. Calls of a minute and an hour, tokens of a day, money of a month. */
export const UsageLimitsZod = z.object({
  callsPerMinute: z.int().min(1).max(1_000_000).nullable(),
  callsPerHour: z.int().min(1).max(10_000_000).nullable(),
  tokensPerDay: z.int().min(1).max(1_000_000_000_000).nullable(),
  monthlyBudgetMicros: micros.nullable(),
});
export type UsageLimits = z.infer<typeof UsageLimitsZod>;

/** Names of models; one that ends in `*` stands for all that begin so. */
export const modelAllowList = z.array(modelName).max(200);

export const UsageGroupInputZod = z.object({ groupId });

/** The limits of a group and of all above it: a call must keep to every one of them. */
export const UsageLimitListZod = z.object({
  __type: z.literal('UsageLimitList'),
  timeZone: z.string(),
  /** from the top down; the last is the group that was asked for */
  items: z.array(
    z.object({
      groupId,
      name: z.string(),
      limits: UsageLimitsZod,
      /** what the running stretches have used, calls under way included; null where there is no limit */
      used: z.object({
        minute: z.number().nullable(),
        hour: z.number().nullable(),
        day: z.number().nullable(),
        month: z.number().nullable(),
      }),
      /** when nine tenths were used, in the running day or month */
      alertedAt: timestampNumber.nullable(),
      /** null: every model that those above allow */
      enabledModels: z.array(z.string()).nullable(),
    }),
  ),
});
export type UsageLimitList = z.infer<typeof UsageLimitListZod>;

export const UsageSetLimitsInputZod = z.object({
  groupId,
  limits: UsageLimitsZod,
  enabledModels: modelAllowList.nullable(),
});

export const ModelPriceZod = z.object({
  model: modelName,
  promptMicros: micros,
  completionMicros: micros,
});
export type ModelPrice = z.infer<typeof ModelPriceZod>;
export const ModelPriceListZod = z.object({
  __type: z.literal('ModelPriceList'),
  items: z.array(ModelPriceZod),
  /** models that were used in the last thirty days and cost nothing, for want of a price */
  unpriced: z.array(z.string()),
  /** the group at the top, through which whoever asks may change prices; null: they may not */
  topGroupId: groupId.nullable(),
});
export type ModelPriceList = z.infer<typeof ModelPriceListZod>;
/** Prices and the clock are everybody's: `groupId` is the group at the top. */
export const ModelPriceSetInputZod = z.object({ groupId, ...ModelPriceZod.shape });
export const ModelPriceRemoveInputZod = z.object({ groupId, model: modelName });
export const UsageSetTimeZoneInputZod = z.object({ groupId, timeZone: z.string().min(1).max(64) });

const count = z.number();
/** `days`: how far back, today included. */
const span = { groupId, days: z.int().min(1).max(366) };

export const UsageOverviewInputZod = z.object(span);
export const UsageOverviewZod = z.object({
  __type: z.literal('UsageOverview'),
  /** every day of the span, also those on which nothing was asked; `day` as 2026-11-21 */
  days: z.array(z.object({ day: z.string(), calls: count, tokens: count, costMicros: count })),
  calls: count,
  people: count,
  promptTokens: count,
  completionTokens: count,
  costMicros: count,
});
export type UsageOverview = z.infer<typeof UsageOverviewZod>;

export const usageBy = z.enum(['class', 'tool', 'person', 'assignment', 'model', 'group']);
export type UsageBy = z.infer<typeof usageBy>;
export const UsageBreakdownInputZod = z.union([
  z.object({ cursor: z.string().max(2_000) }),
  z.object({ ...span, by: usageBy, limit: z.int().min(1).max(200).default(50) }),
]);
export const UsageRowZod = z.object({
  __type: z.literal('UsageRow'),
  /** null: trials without a class, or what was removed since */
  name: z.string().nullable(),
  calls: count,
  promptTokens: count,
  completionTokens: count,
  costMicros: count,
});
export type UsageRow = z.infer<typeof UsageRowZod>;
/** What costs most comes first. */
export const UsageBreakdownZod = z.object({
  __type: z.literal('UsageBreakdown'),
  items: z.array(UsageRowZod),
  cursor: z.string().nullable(),
});
