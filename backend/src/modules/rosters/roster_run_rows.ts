import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import type { RosterRun } from '@raptscallions/zod-schemas/roster.zod';

const milliseconds = (column: string) => `floor(extract(epoch from r.${column}) * 1000)::float8`;

/** What a person sees of a run, from `roster_runs r`. */
export const runColumns = `r.roster_run_id as "runUuid", r.roster_source_id as "sourceUuid", r.created_at::text as made,
  r.status, r.work, r.decision, r.trigger, r.scope, r.rows_read as "rowsRead", r.failure, r.file_name as "fileName",
  r.counts, r.held_reasons as "heldReasons",
  (select count(*)::int from roster_issues i where i.tenant_id = r.tenant_id and i.roster_run_id = r.roster_run_id) as issues,
  (select u.name from users u where u.tenant_id = r.tenant_id and u.user_id = r.requested_by_user_id) as "requestedBy",
  (select u.name from users u where u.tenant_id = r.tenant_id and u.user_id = r.decided_by_user_id) as "decidedBy",
  r.records_kept as "recordsKept", ${milliseconds('created_at')} as "createdAt", ${milliseconds('finished_at')} as "finishedAt"`;

export type RunRow = Omit<RosterRun, '__type' | 'rosterRunId' | 'rosterSourceId'> & {
  runUuid: string;
  sourceUuid: string;
  made: string;
};

export function runFromRow({ runUuid, sourceUuid, made: _, ...row }: RunRow): RosterRun {
  return {
    __type: 'RosterRun',
    rosterRunId: idFromUuid('rosterrun', runUuid),
    rosterSourceId: idFromUuid('rostersource', sourceUuid),
    ...row,
  };
}
