import {
  InspectPromptInputZod,
  ListRunsInputZod,
  RunListZod,
  RunPromptZod,
} from '@raptscallions/zod-schemas/run.zod';
import { rpcTenantProcedure } from '../../procedures/procedures';
import { inspectPrompt } from './services/inspect_prompt.service';
import { listRuns } from './services/list_runs.service';

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
};
