import 'fake-indexeddb/auto';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteLocalDb, type LocalDb, openLocalDb } from '../../local_db/local_db';
import { addEdit, removeEdit } from '../../sync/outbox';
import { toolEdits } from './tool.edits';
import { readToolDetail, readToolSummaries } from './tool.queries';

const edits = new Map(toolEdits.map((edit) => [edit.name, edit]));
const groupId = newId('group');
const yaml = (version: string, name = 'Essay Coach') =>
  `name: ${name}\ntype: chat\nversion: ${version}\nbehavior: Ask before you tell.\n`;
let db: LocalDb;

beforeEach(() => {
  db = openLocalDb(newId('user'));
});
afterEach(async () => {
  db.close();
  await deleteLocalDb(db.userId);
});

async function save(toolId: `tool-${string}`, toolVersionId: `toolversion-${string}`, text: string) {
  await addEdit(db, edits, {
    name: 'tools.save',
    args: { toolId, toolVersionId, groupId, yaml: text },
    now: 1,
  });
}

describe('a tool offline', () => {
  it('is there as a draft of its author the moment it is saved', async () => {
    const [toolId, draftId] = [newId('tool'), newId('toolversion')];
    await save(toolId, draftId, yaml('1.0.0'));
    const [summary] = await readToolSummaries(db);
    expect(summary?.tool).toMatchObject({ name: 'Essay Coach', ownerUserId: db.userId, groupId });
    expect(summary?.draft?.version).toBe('1.0.0');
    expect(summary?.published).toBeNull();
  });

  it('keeps its published name and version in lists while the next draft is written', async () => {
    const [toolId, first, second] = [newId('tool'), newId('toolversion'), newId('toolversion')];
    await save(toolId, first, yaml('1.0.0'));
    await addEdit(db, edits, { name: 'tools.publish', args: { toolId, toolVersionId: first }, now: 2 });
    await save(toolId, second, yaml('1.1.0', 'Essay Friend'));
    const detail = await readToolDetail(db, toolId);
    expect(detail?.tool.name).toBe('Essay Coach');
    expect(detail?.published?.version).toBe('1.0.0');
    expect(detail?.draft).toMatchObject({ version: '1.1.0', name: 'Essay Friend' });
    expect(detail?.sources.get(first)?.yaml).toBe(yaml('1.0.0'));
  });

  it('comes back when its archiving is taken out of the queue', async () => {
    const [toolId, draftId] = [newId('tool'), newId('toolversion')];
    await save(toolId, draftId, yaml('1.0.0'));
    await addEdit(db, edits, { name: 'tools.archive', args: { toolId, archived: true }, now: 2 });
    expect(await readToolSummaries(db)).toEqual([]);
    const last = (await db.outbox.toArray()).at(-1);
    expect(await removeEdit(db, edits, last?.mid ?? 0)).toBe(true);
    expect(await readToolSummaries(db)).toHaveLength(1);
  });
});
