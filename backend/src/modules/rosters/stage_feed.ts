import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { normaliseRow, type RawRow, type RosterRecord, type RowProblem, rosterFiles } from './normalise_row';

/** A feed, from a file or from a school system: its parts by the names of the files, and the rows of each. */
export type RosterFeed = {
  files: { name: string; mode: 'bulk' | 'delta' }[];
  /** a part without rows is a mistake: no package may hold such a file, while a school system may have no courses */
  emptyIsOdd: boolean;
  /** The same for two feeds only if every byte of them is the same, and how it is packed; a school system has none. */
  fingerprint?(): Promise<string>;
  /** Rows with the line, or the place in the answers, at which they stand. */
  readRows(name: string): AsyncIterable<{ line: number; row: RawRow }>;
};

type Issue = RowProblem & { entity: string; line: number | null };
export type Staged = { rows: number; rejected: number; empty: string[] };

/** A feed with one wrong column has a complaint per row; the first ones tell it, the counts stay whole. */
const mostIssues = 10_000;
const issueBatch = 500;
const batchBytes = 64_000;

/** What a run works with, on its connection only: a process that dies leaves nothing, and nobody else sees it. */
export async function createRunTables(client: ClientBase): Promise<void> {
  await client.query(`
    create temp table roster_mode (entity text primary key, bulk boolean not null);
    create temp table roster_stage (entity text, sourced_id text, row_number integer, gone boolean, data jsonb);
    create temp table roster_op (entity text, sourced_id text, row_number integer, op text, before jsonb,
      after jsonb, primary key (entity, sourced_id));
    create temp table roster_borrowed (sourced_id text primary key);
    create temp table roster_issue (n serial, entity text, line integer, field text, code text, rejected boolean,
      sentence text);`);
}

/**
 * Streams every row of the feed into `roster_stage` by COPY, checked on the way.
 * @param onRows told how many rows have been read so far, now and then; a slow one slows the reading
 */
export async function stageFeed(
  client: ClientBase,
  feed: RosterFeed,
  onRows: (rows: number) => Promise<void>,
): Promise<Staged> {
  const staged: Staged = { rows: 0, rejected: 0, empty: [] };
  let kept = 0;
  let waiting: Issue[] = [];

  async function* lines(name: string, entity: string, bulk: boolean): AsyncGenerator<string> {
    let batch = '';
    const before = staged.rows;
    for await (const { line, row } of feed.readRows(name)) {
      staged.rows += 1;
      const { record, problems } = normaliseRow(name, row);
      if (record) batch += copyLine(record, line);
      else staged.rejected += 1;
      for (const problem of problems) {
        kept += 1;
        if (kept <= mostIssues) waiting.push({ ...problem, entity, line });
      }
      if (batch.length < batchBytes) continue;
      yield batch;
      batch = '';
      await onRows(staged.rows);
    }
    if (batch !== '') yield batch;
    // That nothing has changed is news; that nothing is there is a mistake.
    if (bulk && feed.emptyIsOdd && staged.rows === before) staged.empty.push(name);
  }

  for (const { name, mode } of feed.files) {
    const entity = rosterFiles[name]?.entity ?? name;
    await client.query('insert into roster_mode values ($1, $2)', [entity, mode === 'bulk']);
    const copy = client.query(copyFrom('copy roster_stage from stdin'));
    await pipeline(Readable.from(lines(name, entity, mode === 'bulk'), { objectMode: false }), copy);
    // The connection is the COPY's while it goes on, so complaints wait for its end, in pieces.
    for (; waiting.length > 0; waiting = waiting.slice(issueBatch)) {
      await client.query(
        `insert into roster_issue (entity, line, field, code, rejected, sentence)
        select i->>'entity', (i->>'line')::int, i->>'field', i->>'code', (i->>'rejected')::boolean, i->>'sentence'
        from jsonb_array_elements($1::jsonb) i`,
        [JSON.stringify(waiting.slice(0, issueBatch))],
      );
    }
  }
  await onRows(staged.rows);
  return staged;
}

function copyLine({ entity, sourcedId, gone, data }: RosterRecord, line: number): string {
  return `${entity}\t${sourcedId}\t${line}\t${gone ? 't' : 'f'}\t${escapeCopy(JSON.stringify(data))}\n`;
}

/** COPY's text format reads a backslash as the start of an escape, and JSON writes tabs and ends of lines with one. */
function escapeCopy(text: string): string {
  return text.replaceAll('\\', '\\\\');
}
