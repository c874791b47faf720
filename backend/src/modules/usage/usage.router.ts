import {
  ModelPriceListZod,
  ModelPriceRemoveInputZod,
  ModelPriceSetInputZod,
  UsageBreakdownInputZod,
  UsageBreakdownZod,
  UsageGroupInputZod,
  UsageLimitListZod,
  UsageOverviewInputZod,
  UsageOverviewZod,
  UsageSetLimitsInputZod,
  UsageSetTimeZoneInputZod,
} from '@raptscallions/zod-schemas/usage.zod';
import { done } from '../../procedures/done';
import { rpcReadProcedure, rpcTenantProcedure } from '../../procedures/procedures';
import { listLimits } from './services/list_limits.service';
import { listBreakdown, readOverview } from './services/report_usage.service';
import { setLimits } from './services/set_limits.service';
import { listPrices, removePrice, setPrice, setTimeZone } from './services/set_prices.service';

/** For administrators, about the groups they look after. */
export const usageRouter = {
  overview: rpcReadProcedure
    .input(UsageOverviewInputZod)
    .output(UsageOverviewZod)
    .handler(({ context, input }) => readOverview(context.tenant, input)),
  breakdown: rpcReadProcedure
    .input(UsageBreakdownInputZod)
    .output(UsageBreakdownZod)
    .handler(({ context, input }) => listBreakdown(context.tenant, input)),
  limits: rpcReadProcedure
    .input(UsageGroupInputZod)
    .output(UsageLimitListZod)
    .handler(({ context, input }) => listLimits(context.tenant, input)),
  prices: rpcReadProcedure
    .input(UsageGroupInputZod)
    .output(ModelPriceListZod)
    .handler(({ context, input }) => listPrices(context.tenant, input)),
  setLimits: done(rpcTenantProcedure, UsageSetLimitsInputZod, setLimits),
  setPrice: done(rpcTenantProcedure, ModelPriceSetInputZod, setPrice),
  removePrice: done(rpcTenantProcedure, ModelPriceRemoveInputZod, removePrice),
  setTimeZone: done(rpcTenantProcedure, UsageSetTimeZoneInputZod, setTimeZone),
};
