import { expect, test } from 'vitest';
import { tellConflict } from './tell_conflict';

test('roles are told by the names people read everywhere else', () => {
  const both = { name: 'Alder Row School', kept: 'student', duplicate: 'group_admin' } as const;
  expect(tellConflict({ kind: 'group', ...both })).toBe(
    'In Alder Row School this account is Pupil and the other Administrator: the role with more rights stays.',
  );
});
