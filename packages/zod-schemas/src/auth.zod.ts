import { z } from 'zod';
import { GroupMemberMandatoryZod, groupId } from './group.zod';
import { richId } from './rich_id';
import { timestampNumber } from './timestamp';
import { UserMandatoryZod, userId, userStatus } from './user.zod';

export const signInLinkId = richId('signinlink');

/** `invitation` and `reset` give a password, `verification` an address. */
export const linkPurpose = z.enum(['invitation', 'reset', 'verification']);
export type LinkPurpose = z.infer<typeof linkPurpose>;

/** `kept`: there is no mail server, or no address, so somebody hands the link over. */
export const linkDelivery = z.enum(['waiting', 'sent', 'kept']);

/** An address as it is typed and compared. */
export const emailInput = z.string().trim().toLowerCase().pipe(z.email().max(255));
/** No rule but length: what people are made to add to a password they add at the end. */
export const passwordLength = { min: 8, max: 128 } as const;
export const passwordInput = z.string().min(passwordLength.min).max(passwordLength.max);
/** A user name that somebody is given here; those of rosters are taken as they come. Typed in any case. */
export const usernameInput = z
  .string()
  // A letter and its accent may be one character or two; from a keyboard and from a file they come as either.
  .normalize('NFC')
  .trim()
  .toLowerCase()
  .pipe(
    z
      .string()
      .min(2, 'Take 2 letters or more.')
      .max(60, 'Take 60 letters at the most.')
      .regex(/^[^\s@]*$/, 'A user name has no blanks and no @: that would be an e-mail address.'),
  );
const linkToken = z.string().min(20).max(200);

export const RequestResetInputZod = z.object({ email: emailInput });
export const ReadLinkInputZod = z.object({ token: linkToken });
export const RedeemLinkInputZod = z.object({
  token: linkToken,
  /** for an invitation or a reset */
  password: passwordInput.optional(),
});

/** What a link would do, for whoever holds it; all is null unless it is `open`. */
export const SignInLinkPublicZod = z.object({
  __type: z.literal('SignInLinkPublic'),
  state: z.enum(['open', 'used', 'expired', 'unknown']),
  purpose: linkPurpose.nullable(),
  name: z.string().nullable(),
  schoolName: z.string().nullable(),
  /** where the link was sent, and what the person signs in by; else by the username at that school */
  email: z.string().nullable(),
  username: z.string().nullable(),
  schoolCode: z.string().nullable(),
});
export type SignInLinkPublic = z.infer<typeof SignInLinkPublicZod>;

/** A link that opens nothing says nothing of anybody. */
export function closedLink(state: Exclude<SignInLinkPublic['state'], 'open'>): SignInLinkPublic {
  return {
    __type: 'SignInLinkPublic',
    state,
    purpose: null,
    name: null,
    schoolName: null,
    email: null,
    username: null,
    schoolCode: null,
  };
}

/**
 * A person who is to sign in: made, put into a group, and invited. The server makes the ids: these rows are known
 * across tenants, and an id of the caller's choice would show whether somebody else has it. Somebody without an
 * address signs in by the user name.
 */
export const InvitePersonInputZod = z
  .object({
    ...UserMandatoryZod.shape,
    email: emailInput.optional(),
    username: usernameInput.optional(),
    groupId,
    role: GroupMemberMandatoryZod.shape.role,
  })
  .refine(({ email, username }) => email !== undefined || username !== undefined, {
    path: ['username'],
    message: 'Give an e-mail address or a user name: one of them is needed to sign in.',
  });
export const InvitedPersonZod = z.object({ __type: z.literal('InvitedPerson'), userId });
/** An invitation again, or a way back in for somebody who has forgotten the password. */
export const SendLinkInputZod = z.object({ userId });
export const GivePasswordInputZod = z.object({ userId, password: passwordInput });
export const SetUsernameInputZod = z.object({ userId, username: usernameInput });
export const SetStatusInputZod = z.object({ userId, status: z.enum(['active', 'suspended']) });
export const ChangeEmailInputZod = z.object({ email: emailInput });

export const ShowSignInInputZod = z.object({ userId });
/** What to tell somebody who does not know how they get in. */
export const SignInCardZod = z.object({
  __type: z.literal('SignInCard'),
  userId,
  name: z.string(),
  status: userStatus,
  email: z.string().nullable(),
  username: z.string().nullable(),
  schoolCode: z.string().nullable(),
});
export type SignInCard = z.infer<typeof SignInCardZod>;

export const authSessionId = richId('authsession');
export const ListSessionsInputZod = z.union([
  z.object({ cursor: z.string().max(2_000) }),
  z.object({ limit: z.int().min(1).max(100).default(50) }),
]);
/** A browser somebody is signed in with. */
export const SessionZod = z.object({
  __type: z.literal('Session'),
  authSessionId,
  /** the one that asks */
  current: z.boolean(),
  deviceContext: z.enum(['personal', 'shared', 'unknown']),
  userAgent: z.string().nullable(),
  /** where it was signed in from */
  address: z.string().nullable(),
  signedInAt: timestampNumber,
  lastSeenAt: timestampNumber,
  /** unless it is used before */
  endsAt: timestampNumber,
});
export type Session = z.infer<typeof SessionZod>;
export const SessionListZod = z.object({
  __type: z.literal('SessionList'),
  items: z.array(SessionZod),
  /** null: this was the last page */
  cursor: z.string().nullable(),
});
export const EndSessionInputZod = z.object({ authSessionId });
/** Of everybody the actor looks after, or of one of them. */
export const ListSignInsInputZod = z.union([
  z.object({ cursor: z.string().max(2_000) }),
  z.object({ limit: z.int().min(1).max(100).default(50), userId: userId.optional() }),
]);
export const SignInZod = z.object({
  ...SessionZod.shape,
  __type: z.literal('SignIn'),
  userId,
  person: z.string(),
});
export type SignIn = z.infer<typeof SignInZod>;
export const SignInListZod = z.object({
  __type: z.literal('SignInList'),
  items: z.array(SignInZod),
  /** null: this was the last page */
  cursor: z.string().nullable(),
});
/** Without `authSessionId` all of the person's. */
export const EndSignInsInputZod = z.object({ userId, authSessionId: authSessionId.optional() });
export const ProveInputZod = z.object({ password: z.string().min(1).max(1_000) });
export const ChangePasswordInputZod = z.object({ password: passwordInput });

export const ListLinksInputZod = z.union([
  z.object({ cursor: z.string().max(2_000) }),
  z.object({ limit: z.int().min(1).max(100).default(50) }),
]);
export const SignInLinkZod = z.object({
  __type: z.literal('SignInLink'),
  signInLinkId,
  userId,
  person: z.string(),
  purpose: linkPurpose,
  email: z.string().nullable(),
  delivery: linkDelivery,
  state: z.enum(['open', 'used', 'expired']),
  /** why it could not be sent the last time it was tried */
  problem: z.string().nullable(),
  createdAt: timestampNumber,
  expiresAt: timestampNumber,
  /** only of one that is open and that nobody sends */
  link: z.string().nullable(),
});
export type SignInLink = z.infer<typeof SignInLinkZod>;
export const SignInLinkListZod = z.object({
  __type: z.literal('SignInLinkList'),
  items: z.array(SignInLinkZod),
  /** null: this was the last page */
  cursor: z.string().nullable(),
});
