import { MePrivateZod, SignInPagePublicZod } from '@raptscallions/zod-schemas/me.zod';
import { rpcProtectedProcedure, rpcPublicProcedure } from '../../procedures/procedures';

export const usersRouter = {
  me: rpcProtectedProcedure.output(MePrivateZod).handler(({ context }) => {
    const { userId, tenantId, name } = context.signedIn;
    return { __type: 'MePrivate' as const, userId, tenantId, name, aiProvider: context.app.aiProvider };
  }),

  /** What the sign-in page shows; the demo school's people only while it exists, and never in production. */
  signInPage: rpcPublicProcedure.output(SignInPagePublicZod).handler(async ({ context }) => {
    const page = await context.app.signInPage();
    return { __type: 'SignInPagePublic' as const, ...page, aiProvider: context.app.aiProvider };
  }),
};
