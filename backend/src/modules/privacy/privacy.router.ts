import {
  ErasePersonInputZod,
  ErasureZod,
  ExportPersonInputZod,
  PersonExportZod,
} from '@raptscallions/zod-schemas/privacy.zod';
import { rpcSensitiveTenantProcedure } from '../../procedures/procedures';
import { erasePerson } from './services/erase_person.service';
import { exportPerson } from './services/export_person.service';

/** Years of somebody's words, out of every table there is. */
const longProcedure = rpcSensitiveTenantProcedure.meta({ takesLong: true });

export const privacyRouter = {
  exportPerson: longProcedure
    .input(ExportPersonInputZod)
    .output(PersonExportZod)
    .handler(({ context, input }) => exportPerson(context.tenant, input)),
  erasePerson: longProcedure
    .input(ErasePersonInputZod)
    .output(ErasureZod)
    .handler(({ context, input }) => erasePerson(context.tenant, input)),
};
