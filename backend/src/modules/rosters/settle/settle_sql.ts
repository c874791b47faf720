/**
 * Runs one statement of a settlement: `$1` is the tenant, `$2` the source, `$3` the group its organisations hang
 * under. @returns how many rows it changed
 */
export type RunSql = (statement: string) => Promise<number>;

/** Records of the source that are one person, since an administrator merged two accounts. */
export const twins = `create temp table roster_twin on commit drop as
  select r.sourced_id, r.internal_id from public.external_refs r
  where r.tenant_id = $1 and r.roster_source_id = $2 and r.shares_person and r.entity = 'user'`;

/** The references of the source, as `r`. */
export const mine = 'r.tenant_id = $1 and r.roster_source_id = $2';

/** What the source said of these before the run and says now; an enrolment that moved stands in both. */
export const saidOf = (entity: string) =>
  `(select sourced_id, op, before as said from roster_op where entity = '${entity}' and before is not null
    union all select sourced_id, op, after from roster_op where entity = '${entity}' and after is not null)`;
