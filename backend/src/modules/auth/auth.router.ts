import {
  ChangeEmailInputZod,
  GivePasswordInputZod,
  InvitedPersonZod,
  InvitePersonInputZod,
  ListLinksInputZod,
  ReadLinkInputZod,
  RedeemLinkInputZod,
  RequestResetInputZod,
  SendLinkInputZod,
  SetStatusInputZod,
  ShowSignInInputZod,
  SignInCardZod,
  SignInLinkListZod,
  SignInLinkPublicZod,
} from '@raptscallions/zod-schemas/auth.zod';
import { DoneZod } from '@raptscallions/zod-schemas/me.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { done } from '../../procedures/done';
import {
  rpcPublicProcedure,
  rpcReadProcedure,
  rpcSensitiveTenantProcedure,
} from '../../procedures/procedures';
import { requestResetTask } from './auth.event';
import { changeEmail } from './services/change_email.service';
import { givePassword } from './services/give_password.service';
import { invitePerson, sendLink } from './services/invite_person.service';
import { listLinks } from './services/list_links.service';
import { readLink } from './services/read_link.service';
import { redeemLink } from './services/redeem_link.service';
import { setStatus } from './services/set_status.service';
import { showSignIn } from './services/show_sign_in.service';

/** A staff room follows its invitations from one address. */
const linkLimit = { bucket: 'links', factor: 3 };

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
    .input(InvitePersonInputZod)
    .output(InvitedPersonZod)
    .handler(({ context, input }) => invitePerson(context.tenant, input)),
  sendLink: done(rpcSensitiveTenantProcedure, SendLinkInputZod, sendLink),
  setStatus: done(rpcSensitiveTenantProcedure, SetStatusInputZod, setStatus),
  changeEmail: done(rpcSensitiveTenantProcedure, ChangeEmailInputZod, changeEmail),

  givePassword: done(rpcSensitiveTenantProcedure, GivePasswordInputZod, givePassword),

  showSignIn: rpcReadProcedure
    .input(ShowSignInInputZod)
    .output(SignInCardZod)
    .handler(({ context, input }) => showSignIn(context.tenant, input)),

  listLinks: rpcReadProcedure
    .input(ListLinksInputZod)
    .output(SignInLinkListZod)
    .handler(({ context, input }) => listLinks(context.tenant, input)),
};
