import { groupId } from '@raptscallions/zod-schemas/group.zod';
import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import {
  ModelPriceZod,
  modelAllowList,
  type UsageLimitList,
  UsageLimitsZod,
  UsageOverviewInputZod,
  UsageSetTimeZoneInputZod,
  usageBy,
} from '@raptscallions/zod-schemas/usage.zod';
import { writeCsv } from '@raptscallions/zod-schemas/write_csv';
import { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { allPages } from '../../../lib/all_pages';
import { AppError } from '../../../lib/app_error';
import { formatFlag } from '../../../lib/command_flags';
import { defineCommand, type Program } from '../../../lib/define_command';
import type { CommandContext } from '../../../procedures/context';
import {
  actFromCommandLine,
  type CommandTools,
  readFromCommandLine,
} from '../../audit/services/act_from_command_line.service';
import { listLimits } from './list_limits.service';
import { listBreakdown, readOverview } from './report_usage.service';
import { setLimits } from './set_limits.service';
import { listPrices, removePrice, setPrice, setTimeZone } from './set_prices.service';

const usage = `yarn limits <command> --tenant-id tenant-… --group group-…
  show                                          of the group and of those above it, with what is used
  set      [--calls-per-minute <count>] [--calls-per-hour <count>] [--tokens-per-day <count>]
           [--dollars-per-month <amount>] [--models <name>,<name>*]
           what is not named stays; none: no such limit, or every model that those above allow
  clear                                         no limit, and every model that those above allow
  report   [--days <count>] [--by class|tool|person|assignment|model|group] [--format json|csv]
           what it and all below used, the last 30 days without --days
For the whole school, without --group:
  prices                                        in dollars for a million tokens, and models without a price
  set-price    --model <name>|* --prompt-dollars <amount> --completion-dollars <amount>
  remove-price --model <name>|*
  time-zone    --zone <Europe/Berlin>           where days and months of limits begin
`;

const microsOfDollar = 1_000_000;
const { callsPerMinute, callsPerHour, tokensPerDay, monthlyBudgetMicros } = UsageLimitsZod.shape;
const limit = (form: RegExp, unit: number, words: string) =>
  z
    .string()
    .refine((text) => text === 'none' || form.test(text), words)
    .transform((text) => (text === 'none' ? null : Math.round(Number(text) * unit)));
const count = limit(/^\d{1,13}$/, 1, 'Write a whole number above 0, or none.');
const dollars = limit(
  /^\d{1,6}(\.\d{1,6})?$/,
  microsOfDollar,
  'Write an amount such as 25 or 12.50, or none.',
);
const models = z
  .string()
  .transform((text) => {
    const names = text.split(',').map((name) => name.trim());
    return text === 'none' ? null : [...new Set(names.filter(Boolean))];
  })
  .pipe(modelAllowList.min(1, 'Name a model, or none.').nullable());

const school = z.object({ tenantId });
const place = school.extend({ group: groupId });
const { model } = ModelPriceZod.shape;
const price = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,6})?$/, 'Write an amount such as 25 or 0.15.')
  .transform((text) => Math.round(Number(text) * microsOfDollar));
const changes = {
  callsPerMinute: count.pipe(callsPerMinute).optional(),
  callsPerHour: count.pipe(callsPerHour).optional(),
  tokensPerDay: count.pipe(tokensPerDay).optional(),
  dollarsPerMonth: dollars.pipe(monthlyBudgetMicros).optional(),
  models: models.optional(),
};
type Changes = z.output<z.ZodObject<typeof changes>>;
const nothing: Required<Changes> = {
  callsPerMinute: null,
  callsPerHour: null,
  tokensPerDay: null,
  dollarsPerMonth: null,
  models: null,
};

/** Limits of AI use from the command line, by the services the Usage page calls and in its units. */
export const limitProgram: Program<CommandTools> = {
  usage,
  commands: {
    show: defineCommand(place, (tools, { tenantId, group }) =>
      readFromCommandLine(tools, tenantId, { groupId: group }, async (ctx, input) =>
        describe(await listLimits(ctx, input)),
      ),
    ),
    set: defineCommand(place.extend(changes), async (tools, { tenantId, group, ...given }) => {
      if (Object.values(given).every((value) => value === undefined)) {
        throw new AppError('BAD_REQUEST', `Say what to set.\n${usage}`);
      }
      return change(tools, { tenantId, group }, given);
    }),
    clear: defineCommand(place, (tools, where) => change(tools, where, nothing)),

    report: defineCommand(
      place.extend({
        days: z.coerce.number().pipe(UsageOverviewInputZod.shape.days).default(30),
        by: usageBy.optional(),
        format: formatFlag,
      }),
      (tools, { tenantId, group, days, by, format }) =>
        readFromCommandLine(tools, tenantId, { groupId: group, days }, async (ctx, span) => {
          if (by) {
            const rows = await allPages((page) => listBreakdown(ctx, page), { ...span, by });
            const named = rows.map(({ name, ...row }) => ({ name, ...inDollars(row) }));
            return format === 'csv' ? csvOf(named) : named;
          }
          const { __type, costMicros, days, ...sums } = await readOverview(ctx, span);
          const each = days.map(inDollars);
          return format === 'csv' ? csvOf(each) : { ...sums, dollars: dollarsOf(costMicros), days: each };
        }),
    ),

    prices: defineCommand(school, (tools, { tenantId }) => prices(tools, tenantId)),
    'set-price': defineCommand(
      school.extend({ model, promptDollars: price, completionDollars: price }),
      async (
        tools,
        { tenantId, model, promptDollars: promptMicros, completionDollars: completionMicros },
      ) => {
        const given = { model, promptMicros, completionMicros };
        await actFromCommandLine(tools, { tenantId, action: 'usage.setPrice' }, given, (ctx) =>
          setPrice(ctx, { ...given, groupId: ctx.topGroupId }),
        );
        return prices(tools, tenantId);
      },
    ),
    'remove-price': defineCommand(school.extend({ model }), async (tools, { tenantId, model }) => {
      await actFromCommandLine(tools, { tenantId, action: 'usage.removePrice' }, { model }, (ctx) =>
        removePrice(ctx, { model, groupId: ctx.topGroupId }),
      );
      return prices(tools, tenantId);
    }),
    'time-zone': defineCommand(
      school.extend({ zone: UsageSetTimeZoneInputZod.shape.timeZone }),
      async (tools, { tenantId, zone: timeZone }) => {
        await actFromCommandLine(tools, { tenantId, action: 'usage.setTimeZone' }, { timeZone }, (ctx) =>
          setTimeZone(ctx, { timeZone, groupId: ctx.topGroupId }),
        );
        return { timeZone };
      },
    ),
  },
};

async function change(
  tools: CommandTools,
  { tenantId, group }: z.output<typeof place>,
  given: Changes,
): Promise<object> {
  const input = { groupId: group };
  await actFromCommandLine(tools, { tenantId, action: 'usage.setLimits' }, input, (ctx) =>
    mergeLimits(ctx, group, given),
  );
  return readFromCommandLine(tools, tenantId, input, async (ctx) => describe(await listLimits(ctx, input)));
}

/** The group is locked first, so that what stays is what stands there then. */
async function mergeLimits(
  ctx: CommandContext,
  groupId: z.output<typeof place>['group'],
  given: Changes,
): Promise<void> {
  await ctx.db.groups.findByOptional(stored({ tenantId: ctx.tenantId, groupId })).forUpdate();
  const own = (await listLimits(ctx, { groupId })).items.at(-1);
  if (!own) throw new AppError('NOT_FOUND');
  const { dollarsPerMonth, models, ...counts } = given;
  const said = Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== undefined));
  const limits = { ...own.limits, ...said };
  if (dollarsPerMonth !== undefined) limits.monthlyBudgetMicros = dollarsPerMonth;
  await setLimits(ctx, { groupId, limits, enabledModels: models === undefined ? own.enabledModels : models });
}

function prices(tools: CommandTools, tenantId: z.output<typeof school>['tenantId']): Promise<object> {
  return readFromCommandLine(tools, tenantId, null, async (ctx) => {
    const { items, unpriced } = await listPrices(ctx, { groupId: ctx.topGroupId });
    return {
      prices: items.map(({ model, promptMicros, completionMicros }) => ({
        model,
        promptDollars: dollarsOf(promptMicros),
        completionDollars: dollarsOf(completionMicros),
      })),
      unpriced,
    };
  });
}

function inDollars<T extends { costMicros: number; __type?: string }>({ __type, costMicros, ...row }: T) {
  return { ...row, dollars: dollarsOf(costMicros) };
}

function csvOf(rows: Record<string, string | number | null>[]): string {
  return writeCsv(
    Object.keys(rows[0] ?? {}),
    rows.map((row) => Object.values(row)),
  );
}

function dollarsOf(micros: number): number {
  return micros / microsOfDollar;
}

function describe({ items, timeZone }: UsageLimitList): object {
  const inDollars = (micros: number | null) => (micros === null ? null : dollarsOf(micros));
  const groups = items.map(({ groupId, name, limits, used, enabledModels }) => {
    const { monthlyBudgetMicros, ...counts } = limits;
    return {
      groupId,
      name,
      ...counts,
      dollarsPerMonth: inDollars(monthlyBudgetMicros),
      used: { ...used, month: inDollars(used.month) },
      models: enabledModels,
    };
  });
  return { timeZone, groups };
}
