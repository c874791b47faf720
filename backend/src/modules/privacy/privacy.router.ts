import {
  ErasePersonInputZod,
  ErasureZod,
  ExportPersonInputZod,
  PersonExportZod,
} from '@raptscallions/zod-schemas/privacy.zod';
import { rpcSensitiveTenantProcedure } from '../../procedures/procedures';
import { erasePerson } from './services/erase_person.service';
import { exportPerson } from './services/export_person.service';

export const privacyRouter = {
  exportPerson: rpcSensitiveTenantProcedure
    .input(ExportPersonInputZod)
    .output(PersonExportZod)
    .handler(({ context, input }) => exportPerson(context.tenant, input)),
  erasePerson: rpcSensitiveTenantProcedure
    .input(ErasePersonInputZod)
    .output(ErasureZod)
    .handler(({ context, input }) => erasePerson(context.tenant, input)),
};
