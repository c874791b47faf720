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

/** Changes with whatever writes, or erases, a record of the source: how many there are, and when the last was written. */
const stateSql = `select count(*)::int as records, extract(epoch from max(updated_at))::text as written
  from public.external_refs where tenant_id = $1 and roster_source_id = $2`;

export type RecordsState = { records: number; written: string | null };
const StateZod = z.tuple([z.object({ records: z.number(), written: z.string().nullable() })]);

/** Reads every record of the source, so not in a transaction that others wait for. */
export async function readRecordsState(client: ClientBase, source: RosterSource): Promise<RecordsState> {
  const { rows } = await client.query(stateSql, [source.tenantUuid, source.sourceUuid]);
  return StateZod.parse(rows)[0];
}

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
      and s.settled_fingerprint = $3 || ' ' || (select concat_ws(' ', k.records, k.written) from (${stateSql}) k)`,
    [source.tenantUuid, source.sourceUuid, fingerprint],
  );
  const [found] = SettledZod.parse(rows);
  return found && { runUuid: found.run_id, ...found.counts };
}

/**
 * Notes, in the transaction that applies a run, that it brings our records to what its feed says.
 * @param before how they were when they were compared: if anybody else has written or erased one since, what is noted
 * never comes true, and the feed is read again
 * @param counts operations by `entity.op`
 */
export async function noteSettledFeed(
  client: ClientBase,
  source: RosterSource,
  runUuid: string,
  fingerprint: string | undefined,
  before: RecordsState,
  counts: Record<string, number>,
): Promise<void> {
  const ops = Object.entries(counts).filter(([kind]) => kind.includes('.'));
  const added = ops.reduce((sum, [kind, n]) => sum + (kind.endsWith('.add') ? n : 0), 0);
  await client.query(
    `update public.roster_sources set settled_run_id = $3, settled_fingerprint = $4 || ' ' || concat_ws(' ', $5::int,
      case when $6::boolean then extract(epoch from now())::text else $7 end)
    where tenant_id = $1 and roster_source_id = $2`,
    [
      source.tenantUuid,
      source.sourceUuid,
      runUuid,
      fingerprint ?? null,
      before.records + added,
      ops.length > 0,
      before.written,
    ],
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
