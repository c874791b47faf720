import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { normaliseRow, type RosterRecord, type RowProblem, rosterFiles } from './normalise_row';
import type { RosterPackage } from './read_package';

export type RosterIssue = RowProblem & { fileName: string; line: number | null };
export type Staged = { rows: number; rejected: number; issues: RosterIssue[]; headerOnly: string[] };

/** A feed with one wrong column has a complaint per row; the first ones tell it, the counts stay whole. */
const mostIssues = 10_000;
const batchBytes = 64_000;

/**
 * Streams every row of the package into `roster_stage` of this connection by COPY, checked on the way. The
 * tables are temporary: a process that dies leaves nothing, and no other run can see them.
 */
export async function stagePackage(client: ClientBase, pack: RosterPackage): Promise<Staged> {
  await client.query(`
    create temp table roster_mode (entity text primary key, bulk boolean not null);
    create temp table roster_stage (entity text, sourced_id text, row_number integer, gone boolean, data jsonb);
    create temp table roster_op (entity text, sourced_id text, row_number integer, op text, before jsonb,
      after jsonb, primary key (entity, sourced_id));`);
  const staged: Staged = { rows: 0, rejected: 0, issues: [], headerOnly: [] };

  async function* lines(name: string): AsyncGenerator<string> {
    let batch = '';
    const before = staged.rows;
    for await (const { line, row } of pack.readRows(name)) {
      staged.rows += 1;
      const { record, problems } = normaliseRow(name, row);
      if (record) batch += copyLine(record, line);
      else staged.rejected += 1;
      for (const problem of problems) {
        if (staged.issues.length < mostIssues) staged.issues.push({ ...problem, fileName: name, line });
      }
      if (batch.length < batchBytes) continue;
      yield batch;
      batch = '';
    }
    if (batch !== '') yield batch;
    if (staged.rows === before) staged.headerOnly.push(name);
  }

  for (const { name, mode } of pack.files) {
    const entity = rosterFiles[name]?.entity;
    await client.query('insert into roster_mode values ($1, $2)', [entity, mode === 'bulk']);
    const copy = client.query(copyFrom('copy roster_stage from stdin'));
    await pipeline(Readable.from(lines(name), { objectMode: false }), copy);
  }
  await client.query('analyze roster_stage');
  return staged;
}

function copyLine({ entity, sourcedId, gone, data }: RosterRecord, line: number): string {
  return `${entity}\t${sourcedId}\t${line}\t${gone ? 't' : 'f'}\t${escapeCopy(JSON.stringify(data))}\n`;
}

/** COPY's text format reads a backslash as the start of an escape, and JSON writes tabs and ends of lines with one. */
function escapeCopy(text: string): string {
  return text.replaceAll('\\', '\\\\');
}
