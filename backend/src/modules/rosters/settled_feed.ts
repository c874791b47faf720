import type { ClientBase } from 'pg';
import { z } from 'zod';
import type { RosterSource } from './with_roster_source';

/** A feed that is what our records of its source say already, and the run that brought it. */
export type SettledFeed = { runUuid: string; rows: number; rejected: number; repeated: number };

const SettledZod = z.array(
  z.object({
    run_id: z.string(),
    counts: z.object({ rows: z.number(), rejected: z.number(), repeated: z.number() }),
  }),
);

/** Changes with whatever writes, or erases, a record of the source. */
const state = `(select count(*) || ' ' || coalesce(extract(epoch from max(updated_at))::text, '') from public.external_refs
  where tenant_id = $1 and roster_source_id = $2)`;

/** The run that brought this very feed, if nothing has touched the records of the source since. */
export async function readSettledFeed(
  client: ClientBase,
  source: RosterSource,
  fingerprint: string,
): Promise<SettledFeed | undefined> {
  const { rows } = await client.query(
    `select r.roster_run_id as run_id, r.counts from public.roster_sources s
      join public.roster_runs r on r.tenant_id = s.tenant_id and r.roster_run_id = s.settled_run_id
    where s.tenant_id = $1 and s.roster_source_id = $2 and starts_with(s.settled_fingerprint, $3)
      and s.settled_fingerprint = $3 || ' ' || ${state}`,
    [source.tenantUuid, source.sourceUuid, fingerprint],
  );
  const [found] = SettledZod.parse(rows);
  return found && { runUuid: found.run_id, ...found.counts };
}

/** Notes that a run has brought our records to what its feed says. */
export async function noteSettledFeed(
  client: ClientBase,
  source: RosterSource,
  runUuid: string,
  fingerprint: string | undefined,
): Promise<void> {
  await client.query(
    `update public.roster_sources set settled_run_id = $3, settled_fingerprint = $4 || ' ' || ${state} where tenant_id = $1 and roster_source_id = $2`,
    [source.tenantUuid, source.sourceUuid, runUuid, fingerprint ?? null],
  );
}

/** What was odd about the feed when it was read is so still. */
export async function copyIssues(
  client: ClientBase,
  source: RosterSource,
  from: string,
  to: string,
): Promise<number> {
  const { rowCount } = await client.query(
    `insert into public.roster_issues (tenant_id, roster_run_id, issue_number, file_name, line, field, code, rejected, sentence)
    select tenant_id, $3, issue_number, file_name, line, field, code, rejected, sentence
    from public.roster_issues where tenant_id = $1 and roster_run_id = $2`,
    [source.tenantUuid, from, to],
  );
  return rowCount ?? 0;
}
