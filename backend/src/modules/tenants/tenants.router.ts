import {
  ReadSchoolCodeInputZod,
  SchoolCodeZod,
  SetSchoolCodeInputZod,
} from '@raptscallions/zod-schemas/tenant.zod';
import { done } from '../../procedures/done';
import { rpcReadProcedure, rpcSensitiveTenantProcedure } from '../../procedures/procedures';
import { readSchoolCode, setSchoolCode } from './services/set_school_code.service';

/** What is true of a whole school, for whoever looks after all of it. */
export const tenantsRouter = {
  readSchoolCode: rpcReadProcedure
    .input(ReadSchoolCodeInputZod)
    .output(SchoolCodeZod)
    .handler(({ context, input }) => readSchoolCode(context.tenant, input)),
  setSchoolCode: done(rpcSensitiveTenantProcedure, SetSchoolCodeInputZod, setSchoolCode),
};
