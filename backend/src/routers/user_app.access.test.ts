import { getEventIteratorSchemaDetails } from '@orpc/contract';
import { editInputs } from '@raptscallions/zod-schemas/edit.zod';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { directWrites } from '../test/direct_writes';
import { rightsTable } from '../test/rights_table';
import { servedProcedures } from '../test/served_routers';

const procedures = servedProcedures;
const found = procedures.map(({ path, procedure }) => {
  const definition = procedure['~orpc'];
  const meta: Record<string, unknown> = { ...definition.meta };
  return { path, access: meta.access, hasOutput: definition.outputSchema !== undefined };
});

test('the walk finds the procedures', () => {
  expect(found.length).toBeGreaterThan(20);
  expect(found.map(({ path }) => path)).toContain('sync.push');
});

test.each(found)('$path declares who may call it, and what it answers', ({ access, hasOutput }) => {
  expect(access).toMatch(/^(public|protected|sensitive)$/);
  expect(hasOutput).toBe(true);
});

test.each(procedures)('$path answers what is JSON as it stands', ({ procedure }) => {
  const { outputSchema } = procedure['~orpc'];
  const schema = getEventIteratorSchemaDetails(outputSchema)?.yields ?? outputSchema;
  // Throws for dates, big numbers, maps and all else that would arrive as something else: it is sent unlooked at.
  expect(schema instanceof z.ZodType && z.toJSONSchema(schema, { io: 'output' })).toBeTypeOf('object');
});

test('what anybody may call is a short list that somebody has read', () => {
  expect(found.filter(({ access }) => access === 'public').map(({ path }) => path)).toEqual([
    'signInPage',
    'setUp',
    'auth.requestReset',
    'auth.readLink',
    'auth.redeemLink',
  ]);
});

const writes = procedures.filter(({ path }) => !rightsTable[path]?.reads);

test('the walk finds the writes', () => {
  expect(writes.length).toBeGreaterThan(20);
  expect(writes.map(({ path }) => path)).toContain('chat.send');
});

test.each(writes)(
  '$path waits in the outbox, or is on the list of those that cannot, with its reason',
  ({ path }) => {
    const isEdit = Object.hasOwn(editInputs, path);
    const reason = directWrites[path];
    expect(
      [isEdit, reason !== undefined],
      isEdit
        ? `${path} is an edit: take it off the list in direct_writes.ts.`
        : `${path} changes something. Make it an edit (edit.zod.ts, sync.router.ts, a defineEdit in the browser), or say in direct_writes.ts why it needs the network.`,
    ).toEqual([isEdit, !isEdit]);
    if (reason !== undefined) expect(reason.split(' ').length).toBeGreaterThan(4);
  },
);

test.each(Object.keys(editInputs))(
  'the edit %s is the procedure of that name, with its very input',
  (name) => {
    const found = procedures.find(({ path }) => path === name);
    expect(found?.procedure['~orpc'].inputSchema).toBe(editInputs[name as keyof typeof editInputs]);
  },
);

test('the list names nothing that is not there', () => {
  const paths = procedures.map(({ path }) => path);
  expect(Object.keys(directWrites).filter((path) => !paths.includes(path))).toEqual([]);
});
