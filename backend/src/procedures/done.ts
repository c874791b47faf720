import type { InferSchemaOutput } from '@orpc/contract';
import { DoneZod } from '@raptscallions/zod-schemas/me.zod';
import type { z } from 'zod';
import type { TenantContext } from './context';
import type { rpcTenantProcedure } from './procedures';

/** A write: one service call, and an answer that only says it was done. What it wrote arrives by sync. */
export function done<S extends z.ZodType>(
  procedure: typeof rpcTenantProcedure,
  input: S,
  service: (ctx: TenantContext, input: InferSchemaOutput<S>) => Promise<void>,
) {
  return procedure
    .input(input)
    .output(DoneZod)
    .handler(async ({ context, input: given }) => {
      await service(context.tenant, given);
      return { __type: 'Done' as const };
    });
}
