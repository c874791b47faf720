import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import { uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { RosterDecision } from '@raptscallions/zod-schemas/roster.zod';
import type { ClientBase } from 'pg';
import { z } from 'zod';
import { createSystemClient } from '../../db/create_system_client';
import { findDifference } from './find_difference';
import { recordIssues, recordOps } from './roster_record';
import { settleRoster } from './settle/settle_roster';
import {
  copyIssues,
  noteSettledFeed,
  type RecordsState,
  readRecordsState,
  readSettledFeed,
  type SettledFeed,
} from './settled_feed';
import { createRunTables, type RosterFeed, type Staged, stageFeed } from './stage_feed';
import type { OpenSource, RosterSource } from './with_roster_source';

export type RosterReport = {
  rosterRunId: RichId<'rosterrun'>;
  status: 'diffed' | 'held' | 'applied';
  /** rows read, rejected, repeated, unchanged, and operations by `entity.op` */
  counts: Record<string, number>;
  heldReasons: string[];
  issues: number;
  /** how long its parts took, in milliseconds; only the last is a transaction */
  ms: { stage: number; compare: number; apply: number };
};

export type FeedRun = {
  databaseUrl: string;
  rosterRunId: RichId<'rosterrun'>;
  /** `apply` stops at a brake */
  decision: Extract<RosterDecision, 'preview' | 'apply'>;
};

/** Above this share of rejected rows the file is more likely broken than the school. */
const mostRejected = 0.05;
/** How often whoever watches hears how far it is. */
const progressMs = 300;

const OpsZod = z.tuple([z.object({ ops: z.number() })]);

/**
 * Stages a feed, compares it with what we hold and, unless it is a preview or a brake holds it, applies all of it
 * in one transaction, of which staging and comparing are no part. The same feed twice writes nothing to the
 * school's tables.
 */
export async function processFeed(
  open: OpenSource,
  { databaseUrl, rosterRunId, decision }: FeedRun,
  feed: RosterFeed,
): Promise<RosterReport> {
  const { client, source, inTransaction } = open;
  const runUuid = uuidFromId('rosterrun', rosterRunId);
  const run = [source.tenantUuid, runUuid];
  const progress = await openProgress(databaseUrl, run);
  try {
    const began = performance.now();
    await createRunTables(client);
    await progress.tell('reading', 0);
    const fingerprint = await feed.fingerprint?.();
    // Byte for byte what our records say already: there is nothing to read, and nothing to compare.
    const settled = fingerprint ? await readSettledFeed(client, source, fingerprint) : undefined;
    const staged = settled
      ? { ...settled, empty: [] }
      : await stageFeed(client, feed, (rows) => progress.tell('reading', rows));
    await progress.tell('comparing', staged.rows);
    const hasStaged = performance.now();
    const { counts, operations, reasons, records } = settled
      ? unchangedSince(settled)
      : await compareStaged(client, source, staged);
    const heldReasons = settled ? [] : [...reasons, ...brakesOfRows(staged)];
    const status = heldReasons.length > 0 ? 'held' : decision === 'preview' ? 'diffed' : 'applied';
    if (status === 'applied') await progress.tell('applying', staged.rows);
    const hasCompared = performance.now();
    const issues = await inTransaction(async () => {
      await recordOps(client, source, runUuid);
      if (status === 'applied') {
        // The school may have changed nothing since yesterday, and still terms begin and end.
        await settleRoster(client, source, operations > 0 ? 'records' : 'dates_if_due');
        if (records) await noteSettledFeed(client, source, runUuid, fingerprint, records, counts);
      }
      const count = settled
        ? await copyIssues(client, source, settled.runUuid, runUuid)
        : await recordIssues(client, source, runUuid);
      await client.query(
        `update public.roster_runs set status = $3, work = null, decision = null, counts = $4, held_reasons = $5,
          finished_at = now(), updated_at = now(), rows_read = $6 where tenant_id = $1 and roster_run_id = $2`,
        [...run, status, JSON.stringify(counts), JSON.stringify(heldReasons), staged.rows],
      );
      return count;
    });
    const ms = {
      stage: Math.round(hasStaged - began),
      compare: Math.round(hasCompared - hasStaged),
      apply: Math.round(performance.now() - hasCompared),
    };
    return { rosterRunId, status, counts, heldReasons, issues, ms };
  } finally {
    await progress.close();
  }
}

type Compared = {
  counts: Record<string, number>;
  operations: number;
  reasons: string[];
  /** how our records were when they were compared; none where they were not */
  records?: RecordsState;
};

function unchangedSince({ rows, rejected, repeated }: SettledFeed): Compared {
  const unchanged = rows - rejected - repeated;
  return { counts: { rows, rejected, repeated, unchanged }, operations: 0, reasons: [] };
}

async function compareStaged(client: ClientBase, source: RosterSource, staged: Staged): Promise<Compared> {
  // First: what is written while we compare must not pass for what was compared.
  const records = await readRecordsState(client, source);
  const found = await findDifference(client, source);
  const { rows } = await client.query('select count(*)::int ops from roster_op where row_number is not null');
  const [{ ops }] = OpsZod.parse(rows);
  const counts = {
    rows: staged.rows,
    rejected: staged.rejected,
    repeated: found.repeatedRows,
    unchanged: staged.rows - staged.rejected - found.repeatedRows - ops,
    ...found.counts,
  };
  return {
    counts,
    operations: Object.keys(found.counts).length,
    reasons: found.reasons,
    records,
  };
}

/** Tells how far a run is over a connection of its own, as the one that works is busy with a COPY. */
async function openProgress(databaseUrl: string, run: string[]) {
  const client = createSystemClient(databaseUrl, 'raptscallions-roster-progress');
  await client.connect();
  let told = { work: '', at: 0 };
  return {
    async tell(work: 'reading' | 'comparing' | 'applying', rows: number): Promise<void> {
      if (told.work === work && Date.now() - told.at < progressMs) return;
      told = { work, at: Date.now() };
      await client.query(
        `update public.roster_runs set work = $3, rows_read = $4, updated_at = now()
        where tenant_id = $1 and roster_run_id = $2`,
        [...run, work, rows],
      );
    },
    close: () => client.end(),
  };
}

function brakesOfRows({ rows, rejected, empty }: Staged): string[] {
  return [
    ...empty.map((name) => `${name} has no rows.`),
    ...(rejected > rows * mostRejected
      ? [`${rejected} of ${rows} rows are wrong, which is more than 5 %.`]
      : []),
  ];
}
