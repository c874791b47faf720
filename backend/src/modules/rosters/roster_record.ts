import type { ClientBase } from 'pg';
import type { RosterSource } from './with_roster_source';

/** Of so many rows of a kind the first are told; thousands of one complaint say no more. */
const mostIssues = 10_000;

/** Makes the run's own record of what it found: the operations, for preview, audit and undo. */
export async function recordOps(client: ClientBase, source: RosterSource, runUuid: string): Promise<void> {
  await client.query(
    `insert into public.roster_diffs (tenant_id, roster_run_id, entity, sourced_id, op, row_number, before, after)
    select $1, $2, entity, sourced_id, op, row_number, before, after from roster_op order by entity, sourced_id`,
    [source.tenantUuid, runUuid],
  );
}

/** Adds what is in `roster_issue` to the run's list of problems, which has the file and line of each. */
export async function recordIssues(
  client: ClientBase,
  source: RosterSource,
  runUuid: string,
): Promise<number> {
  const { rowCount } = await client.query(
    `insert into public.roster_issues (tenant_id, roster_run_id, issue_number, file_name, line, field, code, rejected, sentence)
    select $1, $2, (select coalesce(max(issue_number), 0) from public.roster_issues where tenant_id = $1 and roster_run_id = $2)
      + row_number() over (order by n), coalesce(f.file, i.entity), i.line, i.field, i.code, i.rejected, i.sentence
    from roster_issue i left join (values ('org', 'orgs.csv'), ('session', 'academicSessions.csv'),
      ('course', 'courses.csv'), ('class', 'classes.csv'), ('user', 'users.csv'), ('role', 'roles.csv'),
      ('enrollment', 'enrollments.csv')) f(entity, file) on f.entity = i.entity order by n limit ${mostIssues}`,
    [source.tenantUuid, runUuid],
  );
  await client.query('truncate roster_issue');
  return rowCount ?? 0;
}
