import { DoneZod, MePrivateZod, SetUpInputZod, SignInPagePublicZod } from '@raptscallions/zod-schemas/me.zod';
import { rpcProtectedProcedure, rpcPublicProcedure } from '../../procedures/procedures';
import { setUpSchool } from '../auth/services/set_up_school.service';
import { idleLimit } from '../auth/session_rules';

export const usersRouter = {
  me: rpcProtectedProcedure.output(MePrivateZod).handler(({ context }) => {
    const { userId, tenantId, name, deviceContext } = context.signedIn;
    const { aiProvider } = context.app;
    const idleMs = idleLimit(deviceContext);
    return { __type: 'MePrivate' as const, userId, tenantId, name, aiProvider, idleMs };
  }),

  /**
   * What the sign-in page shows, to a whole school behind one address at once; the demo school's people only while
   * it exists, and never in production.
   */
  signInPage: rpcPublicProcedure
    .meta({ limit: { bucket: 'page', factor: 30 } })
    .output(SignInPagePublicZod)
    .handler(async ({ context }) => {
      const page = await context.app.signInPage();
      return { __type: 'SignInPagePublic' as const, ...page, aiProvider: context.app.aiProvider };
    }),

  /** Makes the first school, by the link a new server prints; without people there is nobody to sign in. */
  setUp: rpcPublicProcedure
    .input(SetUpInputZod)
    .output(DoneZod)
    .handler(async ({ context, input }) => {
      await setUpSchool(context.app.systemDb, input);
      return { __type: 'Done' as const };
    }),
};
