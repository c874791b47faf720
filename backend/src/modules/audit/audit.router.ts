import { AuditListZod, ListAuditInputZod } from '@raptscallions/zod-schemas/audit.zod';
import { rpcReadProcedure } from '../../procedures/procedures';
import { listAudit } from './services/list_audit.service';

export const auditRouter = {
  /** for administrators; anybody else gets an empty list */
  list: rpcReadProcedure
    .input(ListAuditInputZod)
    .output(AuditListZod)
    .handler(({ context, input }) => listAudit(context.tenant, input)),
};
