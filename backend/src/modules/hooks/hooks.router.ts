import {
  HookVerdictListZod,
  ListModulesInputZod,
  ListVerdictsInputZod,
  ModuleListZod,
  ModuleTrialZod,
  NoteAcknowledgeInputZod,
  ReadOriginalsInputZod,
  ReviveModuleInputZod,
  RunOriginalsZod,
  SetModuleInputZod,
  TryModuleInputZod,
} from '@raptscallions/zod-schemas/hook.zod';
import { done } from '../../procedures/done';
import { rpcReadProcedure, rpcTenantProcedure } from '../../procedures/procedures';
import { acknowledgeNote } from './services/acknowledge_note.service';
import { listModules } from './services/list_modules.service';
import { listVerdicts } from './services/list_verdicts.service';
import { readOriginals } from './services/read_originals.service';
import { reviveModule, setModule } from './services/set_module.service';
import { tryModule } from './services/try_module.service';

/** The modules' page: for administrators, and for teachers about tools of their own. */
export const hooksRouter = {
  list: rpcReadProcedure
    .input(ListModulesInputZod)
    .output(ModuleListZod)
    .handler(({ context, input }) => listModules(context.tenant, input)),
  try: rpcReadProcedure
    .input(TryModuleInputZod)
    .output(ModuleTrialZod)
    .handler(({ context, input }) => tryModule(context.tenant, input)),
  listVerdicts: rpcReadProcedure
    .input(ListVerdictsInputZod)
    .output(HookVerdictListZod)
    .handler(({ context, input }) => listVerdicts(context.tenant, input)),
  set: done(rpcTenantProcedure, SetModuleInputZod, setModule),
  revive: done(rpcTenantProcedure, ReviveModuleInputZod, reviveModule),
  acknowledge: done(rpcTenantProcedure, NoteAcknowledgeInputZod, acknowledgeNote),
  readOriginals: rpcTenantProcedure
    .input(ReadOriginalsInputZod)
    .output(RunOriginalsZod)
    .handler(({ context, input }) => readOriginals(context.tenant, input)),
};
