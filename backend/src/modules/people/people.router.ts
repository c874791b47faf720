import { MergePeopleInputZod, PersonMergeZod } from '@raptscallions/zod-schemas/person_merge.zod';
import { rpcSensitiveTenantProcedure } from '../../procedures/procedures';
import { mergePeople } from './services/merge_people.service';
import { readMerge } from './services/read_merge.service';

export const peopleRouter = {
  /** What a merge would do; it shows addresses and ways in of both, so it asks for a fresh sign-in like the merge. */
  readMerge: rpcSensitiveTenantProcedure
    .input(MergePeopleInputZod)
    .output(PersonMergeZod)
    .handler(({ context, input }) => readMerge(context.tenant, input)),
  merge: rpcSensitiveTenantProcedure
    .meta({ takesLong: true })
    .input(MergePeopleInputZod)
    .output(PersonMergeZod)
    .handler(({ context, input }) => mergePeople(context.tenant, input)),
};
