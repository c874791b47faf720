import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import {
  type ListRosterIssuesInputZod,
  type RosterIssueFileZod,
  type RosterIssueListZod,
  rosterRunId,
} from '@raptscallions/zod-schemas/roster.zod';
import { writeCsv } from '@raptscallions/zod-schemas/write_csv';
import { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { decodeListCursor, encodeListCursor } from '../../../lib/list_cursor';
import type { ReadContext } from '../../../procedures/context';
import { withRosterRunById } from './with_roster_rights.service';

const PlaceZod = z.object({
  limit: z.int().min(1).max(100),
  rosterRunId,
  after: z.int().optional(),
});

function issuesOf({ dbRO, tenantId }: ReadContext, id: RichId<'rosterrun'>) {
  return dbRO.rosterIssues
    .where(stored({ tenantId, rosterRunId: id }))
    .order('issueNumber')
    .select('issueNumber', 'fileName', 'line', 'field', 'code', 'rejected', 'sentence');
}

/** The problems of a run in the order they were found. @throws AppError NOT_FOUND */
export async function listRosterIssues(
  ctx: ReadContext,
  input: z.output<typeof ListRosterIssuesInputZod>,
): Promise<z.output<typeof RosterIssueListZod>> {
  const { limit, rosterRunId, after = 0 } = decodeListCursor(PlaceZod, input);
  await withRosterRunById({ ...ctx, db: ctx.dbRO }, rosterRunId);
  const rows = await issuesOf(ctx, rosterRunId)
    .where({ issueNumber: { gt: after } })
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    __type: 'RosterIssueList',
    items,
    cursor:
      rows.length > limit && last ? encodeListCursor({ limit, rosterRunId, after: last.issueNumber }) : null,
  };
}

/** All of them as a file for a spreadsheet; at most the ten thousand that are kept. @throws AppError NOT_FOUND */
export async function exportRosterIssues(
  ctx: ReadContext,
  id: RichId<'rosterrun'>,
): Promise<z.output<typeof RosterIssueFileZod>> {
  await withRosterRunById({ ...ctx, db: ctx.dbRO }, id);
  const rows = await issuesOf(ctx, id);
  const head = ['File', 'Line', 'Field', 'Code', 'Left out', 'Problem'];
  const lines = rows.map(({ fileName, line, field, code, rejected, sentence }) => [
    fileName,
    line,
    field,
    code,
    rejected ? 'yes' : 'no',
    sentence,
  ]);
  return { __type: 'RosterIssueFile', csv: writeCsv(head, lines) };
}
