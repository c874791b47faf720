import 'fake-indexeddb/auto';
import { editInputs } from '@raptscallions/zod-schemas/edit.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { expect, it } from 'vitest';
import { edits } from '../../edits';
import { openLocalDb } from '../../local_db/local_db';
import { describeEdit, wordsOfEdit } from './describe_edit';

const db = openLocalDb(newId('user'));

it('the app knows an edit for every name the server takes', () => {
  expect(edits.map((edit) => edit.name).sort()).toEqual(Object.keys(editInputs).sort());
});

it('says what was written in an edit, shortened to one line', async () => {
  const args = {
    chatSessionId: newId('chat'),
    messageId: newId('message'),
    runId: newId('run'),
    answerMessageId: newId('message'),
    text: `why are\nleaves green ${'and '.repeat(40)}`,
  };
  const sentence = await describeEdit(db, 'chat.send', args);
  expect(sentence).toMatch(/^Send “why are leaves green and/);
  expect(sentence.length).toBeLessThan(80);
  expect(wordsOfEdit('chat.send', args)).toContain('why are\nleaves');
});

it('has a sentence for an edit whose rows are gone, and words for one of another version', async () => {
  expect(await describeEdit(db, 'tools.archive', { toolId: newId('tool'), archived: true })).toBe(
    'Archive “a tool”',
  );
  expect(await describeEdit(db, 'tools.archive', { other: true })).toBe('A change to a tool');
  for (const name of Object.keys(editInputs))
    expect(await describeEdit(db, name, null)).toMatch(/^A change to an? [a-z]+$/);
  expect(await describeEdit(db, 'nobody.knows', {})).toBe('A change this app does not know');
});
