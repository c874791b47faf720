import {
  ChangeEmailInputZod,
  ChangePasswordInputZod,
  EndSessionInputZod,
  EndSignInsInputZod,
  GivePasswordInputZod,
  InvitedPersonZod,
  InvitePersonInputZod,
  ListLinksInputZod,
  ListSessionsInputZod,
  ListSignInsInputZod,
  ProveInputZod,
  ReadLinkInputZod,
  RedeemLinkInputZod,
  RequestResetInputZod,
  SendLinkInputZod,
  SessionListZod,
  SetStatusInputZod,
  SetUsernameInputZod,
  ShowSignInInputZod,
  SignInCardZod,
  SignInLinkListZod,
  SignInLinkPublicZod,
  SignInListZod,
} from '@raptscallions/zod-schemas/auth.zod';
import { DoneZod } from '@raptscallions/zod-schemas/me.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { done } from '../../procedures/done';
import {
  rpcProtectedProcedure,
  rpcPublicProcedure,
  rpcReadProcedure,
  rpcSensitiveTenantProcedure,
  rpcTenantProcedure,
} from '../../procedures/procedures';
import { requestResetTask } from './auth.event';
import { changeEmail } from './services/change_email.service';
import { endSession } from './services/end_session.service';
import { endSignIns } from './services/end_sign_ins.service';
import { givePassword } from './services/give_password.service';
import { invitePerson, sendLink } from './services/invite_person.service';
import { listLinks } from './services/list_links.service';
import { listSessions } from './services/list_sessions.service';
import { listSignIns } from './services/list_sign_ins.service';
import { provePassword } from './services/prove_password.service';
import { readLink } from './services/read_link.service';
import { redeemLink } from './services/redeem_link.service';
import { setPassword } from './services/set_password.service';
import { setStatus } from './services/set_status.service';
import { setUsername } from './services/set_username.service';
import { showSignIn } from './services/show_sign_in.service';

/** A staff room follows its invitations from one address. */
const linkLimit = { bucket: 'links', factor: 3 };
/** A file of a whole school is one call for each person, and one more for the password. */
const bulkLimit = { bucket: 'people', factor: 10 };

export const authRouter = {
  /** The same answer for every address, after the same work: a worker looks up whose it is. */
  requestReset: rpcPublicProcedure
    .input(RequestResetInputZod)
    .output(DoneZod)
    .handler(async ({ context, input: { email } }) => {
      const { app, address } = context;
      await app.mailLimit.take(email, address ?? '');
      await app.enqueue(requestResetTask, { email, signInLinkId: newId('signinlink') });
      return { __type: 'Done' as const };
    }),

  readLink: rpcPublicProcedure
    .meta({ limit: linkLimit })
    .input(ReadLinkInputZod)
    .output(SignInLinkPublicZod)
    .handler(({ context: { app }, input }) => readLink(app.systemDb, app.linkTokens, input.token)),

  redeemLink: rpcPublicProcedure
    .meta({ limit: linkLimit })
    .input(RedeemLinkInputZod)
    .output(DoneZod)
    .handler(async ({ context: { app }, input }) => {
      await redeemLink(app.systemDb, app.linkTokens, input);
      return { __type: 'Done' as const };
    }),

  invite: rpcSensitiveTenantProcedure
    .meta({ limit: bulkLimit })
    .input(InvitePersonInputZod)
    .output(InvitedPersonZod)
    .handler(({ context, input }) => invitePerson(context.tenant, input)),
  sendLink: done(rpcSensitiveTenantProcedure, SendLinkInputZod, sendLink),
  setStatus: done(rpcSensitiveTenantProcedure, SetStatusInputZod, setStatus),
  changeEmail: done(rpcSensitiveTenantProcedure, ChangeEmailInputZod, changeEmail),

  setUsername: done(rpcSensitiveTenantProcedure, SetUsernameInputZod, setUsername),
  givePassword: done(
    rpcSensitiveTenantProcedure.meta({ limit: bulkLimit }),
    GivePasswordInputZod,
    givePassword,
  ),

  showSignIn: rpcReadProcedure
    .input(ShowSignInInputZod)
    .output(SignInCardZod)
    .handler(({ context, input }) => showSignIn(context.tenant, input)),

  listSessions: rpcProtectedProcedure
    .input(ListSessionsInputZod)
    .output(SessionListZod)
    .handler(({ context, input }) => listSessions(context.app, context.signedIn, input)),

  endSession: rpcProtectedProcedure
    .input(EndSessionInputZod)
    .output(DoneZod)
    .handler(async ({ context: { app, signedIn }, input }) => {
      await endSession(app.systemDb, signedIn.userId, input.authSessionId);
      return { __type: 'Done' as const };
    }),

  /** for administrators; anybody else gets an empty list. A transaction, since who looked is written down. */
  listSignIns: rpcTenantProcedure
    .input(ListSignInsInputZod)
    .output(SignInListZod)
    .handler(({ context, input }) => listSignIns(context.tenant, input)),

  endSignIns: done(rpcSensitiveTenantProcedure, EndSignInsInputZod, endSignIns),

  /** Shows once more who is there, so that what needs a fresh sign-in goes on. */
  prove: rpcProtectedProcedure
    .input(ProveInputZod)
    .output(DoneZod)
    .handler(async ({ context: { app, signedIn, address }, input }) => {
      await provePassword(app, signedIn, input.password, address ?? '');
      return { __type: 'Done' as const };
    }),

  /** One's own; every other session ends. */
  changePassword: rpcSensitiveTenantProcedure
    .input(ChangePasswordInputZod)
    .output(DoneZod)
    .handler(async ({ context: { app, signedIn }, input: { password } }) => {
      const { tenantId, userId, authSessionId: keepAuthSessionId } = signedIn;
      await setPassword(app.systemDb, { tenantId, userId, password, keepAuthSessionId });
      return { __type: 'Done' as const };
    }),

  /** for administrators; written down too, since whoever has a link can be that person */
  listLinks: rpcTenantProcedure
    .input(ListLinksInputZod)
    .output(SignInLinkListZod)
    .handler(({ context, input }) => listLinks(context.tenant, input)),
};
