import { eventIterator } from '@orpc/server';
import {
  InspectPromptInputZod,
  ListRunsInputZod,
  RunChunkZod,
  RunListZod,
  RunPromptZod,
  RunWatchInputZod,
} from '@raptscallions/zod-schemas/run.zod';
import { rpcProtectedProcedure, rpcTenantProcedure } from '../../procedures/procedures';
import { inspectPrompt } from './services/inspect_prompt.service';
import { listRuns } from './services/list_runs.service';
import { watchRun } from './services/watch_run.service';

export const runsRouter = {
  /** for administrators; anybody else gets an empty list */
  list: rpcTenantProcedure
    .input(ListRunsInputZod)
    .output(RunListZod)
    .handler(({ context, input }) => listRuns(context.tenant, input)),
  inspectPrompt: rpcTenantProcedure
    .input(InspectPromptInputZod)
    .output(RunPromptZod)
    .handler(({ context, input }) => inspectPrompt(context.tenant, input)),
  /** the same text the sync stream carries, over a stream of its own: for partners and tests */
  watch: rpcProtectedProcedure
    .input(RunWatchInputZod)
    .output(eventIterator(RunChunkZod))
    .handler(({ context, input, lastEventId, signal }) =>
      watchRun(context.app, context.signedIn, input, lastEventId, signal),
    ),
};
