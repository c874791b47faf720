import { newId } from '@raptscallions/zod-schemas/rich_id';
import { admins, anybody, forAll, restrictedTo } from './callers';
import type { Right } from './right';

/** Who may get in, and what becomes of people: links, passwords, sign-ins, exports, erasures. */
export const signInRights: Record<string, Right> = {
  signInPage: {
    input: () => undefined,
    ...forAll('does', anybody),
    reads: true,
  },
  // A secret opens it, and only where there is nobody yet; the mirror is full of people.
  setUp: {
    input: () => ({
      token: 'x'.repeat(43),
      schoolName: 'Mine',
      name: 'Me',
      email: 'me@school.example',
      password: 'correct horse',
    }),
    ...forAll('NOT_FOUND', anybody),
    reads: true,
  },
  'auth.requestReset': {
    input: () => ({ email: 'anybody@school.example' }),
    ...forAll('does', anybody),
    reads: true,
  },
  // Whoever holds a link may look what it is; here nobody holds one, and is told so.
  'auth.readLink': {
    input: () => ({ token: 'x'.repeat(43) }),
    ...forAll('does', anybody),
    reads: true,
  },
  'auth.redeemLink': {
    input: () => ({ token: 'x'.repeat(43), password: 'correct horse' }),
    ...forAll('NOT_FOUND', anybody),
    reads: true,
  },
  'auth.invite': {
    input: ({ groupId }) => ({
      name: 'New',
      email: 'new@school.example',
      groupId,
      role: 'teacher',
    }),
    ...restrictedTo(admins),
  },
  'auth.sendLink': {
    input: ({ newcomerId }) => ({ userId: newcomerId }),
    ...restrictedTo(admins),
  },
  'auth.setStatus': {
    input: ({ newcomerId }) => ({ userId: newcomerId, status: 'suspended' }),
    ...restrictedTo(admins),
  },
  // Pupils of one's own class too: `sign_in_links.test.ts`; the newcomer is in none.
  'auth.givePassword': {
    input: ({ newcomerId }) => ({ userId: newcomerId, password: 'correct horse' }),
    ...restrictedTo(admins),
  },
  'auth.setUsername': {
    input: ({ newcomerId }) => ({ userId: newcomerId, username: 'new.comer' }),
    ...restrictedTo(admins),
  },
  'auth.changeEmail': {
    input: () => ({ email: 'mine@school.example' }),
    ...forAll('does'),
  },
  'auth.showSignIn': {
    input: ({ newcomerId }) => ({ userId: newcomerId }),
    ...restrictedTo(admins),
    reads: true,
  },
  // Each sees and ends their own only; whose are whose is `sessions.test.ts`'s.
  'auth.listSessions': {
    input: () => ({ limit: 50 }),
    ...forAll('does'),
    reads: true,
  },
  'auth.endSession': {
    input: () => ({ authSessionId: newId('authsession') }),
    ...forAll('NOT_FOUND'),
    reads: true,
  },
  'auth.listSignIns': {
    input: () => ({ limit: 100 }),
    looksFor: ({ pupilSessionId }) => pupilSessionId,
    own: { shows: admins },
    others: 'hides',
    foreign: 'hides',
  },
  // All of them, of whom there are none: a session that is named is `sessions.test.ts`'s.
  'auth.endSignIns': {
    input: ({ newcomerId }) => ({ userId: newcomerId }),
    ...restrictedTo(admins),
  },
  // Nobody of the mirror has a password.
  'auth.prove': {
    input: () => ({ password: 'correct horse' }),
    ...forAll('CONFLICT'),
    reads: true,
  },
  // It ends the caller's other sessions, of which the mirror's people have none.
  'auth.changePassword': {
    input: () => ({ password: 'correct horse' }),
    ...forAll('does'),
  },
  'auth.listLinks': {
    input: () => ({ limit: 50 }),
    looksFor: ({ signInLinkId }) => signInLinkId,
    own: { shows: admins },
    others: 'hides',
    foreign: 'hides',
  },
  me: { input: () => undefined, ...forAll('does'), reads: true },
  'people.readMerge': {
    input: ({ pupilId, newcomerId }) => ({ userId: pupilId, duplicateUserId: newcomerId }),
    ...restrictedTo(admins),
    reads: true,
  },
  'people.merge': {
    input: ({ pupilId, newcomerId }) => ({ userId: pupilId, duplicateUserId: newcomerId }),
    ...restrictedTo(admins),
  },
  'privacy.exportPerson': {
    input: ({ newcomerId }) => ({ userId: newcomerId }),
    ...restrictedTo(admins),
  },
  'privacy.erasePerson': {
    input: ({ newcomerId }) => ({ userId: newcomerId }),
    ...restrictedTo(admins),
  },
};
