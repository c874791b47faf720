import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { newId, type RichId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { z } from 'zod';
import { findDifference } from '../find_difference';
import { openRosterPackage } from '../read_package';
import { settleRoster } from '../settle_roster';
import { type Staged, stagePackage } from '../stage_package';
import { type OpenSource, withRosterSource } from '../with_roster_source';

/** `apply` stops at a brake; the others are a person's decision about a held run, made on the same file. */
export type RosterDecision = 'preview' | 'apply' | 'approve' | 'additions_only';
export type RosterReport = {
  rosterRunId: RichId<'rosterrun'>;
  status: 'diffed' | 'held' | 'applied';
  /** rows read, rejected, repeated, unchanged, and operations by `entity.op` */
  counts: Record<string, number>;
  heldReasons: string[];
  issues: number;
};

/** Above this share of rejected rows the file is more likely broken than the school. */
const mostRejected = 0.05;

/**
 * Reads a OneRoster zip, compares it with what we hold and, unless a brake holds it, applies all of it in one
 * transaction. The same file twice writes nothing to the school's tables.
 * @throws AppError BAD_REQUEST for a file that is no roster, CONFLICT while another run of the source is on
 */
export async function importRoster(
  databaseUrl: string,
  input: { tenantId: TenantId; source: string; zipPath: string; decision: RosterDecision },
): Promise<RosterReport> {
  const { tenantId, source, zipPath, decision } = input;
  return withRosterSource(databaseUrl, tenantId, source, async (open) => {
    const pack = await openRosterPackage(zipPath);
    let staged: Staged;
    try {
      staged = await stagePackage(open.client, pack);
    } finally {
      pack.close();
    }
    const fileHash = await hashFile(zipPath);
    return open.inTransaction(() => decide(open, staged, decision, path.basename(zipPath), fileHash));
  });
}

async function decide(
  { client, source }: OpenSource,
  staged: Staged,
  decision: RosterDecision,
  fileName: string,
  fileHash: string,
): Promise<RosterReport> {
  const found = await findDifference(client, source.tenantUuid, source.sourceUuid);
  const heldReasons = [...found.reasons, ...brakesOfRows(staged)];
  const status =
    decision === 'preview' ? 'diffed' : decision === 'apply' && heldReasons.length > 0 ? 'held' : 'applied';
  if (decision === 'additions_only') await client.query(`delete from roster_op where op = 'end'`);
  const { rows } = await client.query(
    `select (select count(*) from roster_op where row_number is not null)::int ops,
    (select count(*) from (select distinct entity, sourced_id from roster_stage) s)::int distinct_rows`,
  );
  const [sums] = z.tuple([z.object({ ops: z.number(), distinct_rows: z.number() })]).parse(rows);
  const counts = {
    rows: staged.rows,
    rejected: staged.rejected,
    repeated: staged.rows - staged.rejected - sums.distinct_rows,
    unchanged: sums.distinct_rows - sums.ops,
    ...found.counts,
  };
  const rosterRunId = newId('rosterrun');
  const runUuid = uuidFromId('rosterrun', rosterRunId);
  await client.query(
    `insert into public.roster_runs (tenant_id, roster_run_id, roster_source_id, status, file_name, file_hash, counts, held_reasons)
    values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      source.tenantUuid,
      runUuid,
      source.sourceUuid,
      status,
      fileName.slice(0, 255),
      fileHash,
      JSON.stringify(counts),
      JSON.stringify(heldReasons),
    ],
  );
  await client.query(
    `insert into public.roster_diffs (tenant_id, roster_run_id, entity, sourced_id, op, row_number, before, after)
    select $1, $2, entity, sourced_id, op, row_number, before, after from roster_op`,
    [source.tenantUuid, runUuid],
  );
  await client.query(
    `insert into public.roster_issues (tenant_id, roster_run_id, issue_number, file_name, line, field, code, rejected, sentence)
    select $1, $2, n, i->>'fileName', (i->>'line')::int, i->>'field', i->>'code', (i->>'rejected')::boolean, i->>'sentence'
    from jsonb_array_elements($3::jsonb) with ordinality x(i, n)`,
    [source.tenantUuid, runUuid, JSON.stringify(staged.issues)],
  );
  const changes = Object.keys(found.counts).length > 0;
  // The school may have changed nothing since yesterday, and still terms begin and end.
  if (status === 'applied') await settleRoster(client, source, changes ? 'records' : 'dates');
  return { rosterRunId, status, counts, heldReasons, issues: staged.issues.length };
}

function brakesOfRows({ rows, rejected, headerOnly }: Staged): string[] {
  return [
    ...headerOnly.map((name) => `${name} has a header and no rows.`),
    ...(rejected > rows * mostRejected
      ? [`${rejected} of ${rows} rows are wrong, which is more than 5 %.`]
      : []),
  ];
}

async function hashFile(zipPath: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(zipPath), hash);
  return hash.digest('hex');
}
