import type { RosterDiff, RosterEntity, RosterOp, RosterRun } from '@raptscallions/zod-schemas/roster.zod';
import { api } from '../../api/client';

export type Sample = { entity: RosterEntity; ops: RosterOp[]; title: string };

/** Some records of a kind, of each operation the first by id. */
export async function readSample(
  rosterRunId: RosterRun['rosterRunId'],
  { entity, ops }: Sample,
): Promise<RosterDiff[]> {
  const lists = await Promise.all(
    ops.map((op) => api.rosters.listDiffs({ rosterRunId, entity, op, limit: 20 })),
  );
  return lists.flatMap(({ items }) => items);
}
