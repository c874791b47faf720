import { z } from 'zod';
import { emailInput, passwordInput } from './auth.zod';
import { tenantId } from './tenant.zod';
import { UserMandatoryZod, userId } from './user.zod';

/** Who is signed in, as the server sees it; pages read names and roles from the synced rows. */
export const MePrivateZod = z.object({
  __type: z.literal('MePrivate'),
  userId,
  tenantId,
  name: z.string(),
  /** what answers here: the built-in practice model, or a real one */
  aiProvider: z.enum(['practice', 'gateway']),
  /** on a device others use too: after how many ms without a touch the browser signs out */
  idleMs: z.int().nullable(),
});

/** Shown on the sign-in page, and only while the demo school exists on a development server. */
export const SignInPagePublicZod = z.object({
  __type: z.literal('SignInPagePublic'),
  schoolName: z.string().nullable(),
  /** where there is one school only, nobody needs to type its code */
  schoolCode: z.string().nullable(),
  /** identity providers that are configured, as their buttons name them */
  providers: z.array(z.object({ id: z.string(), name: z.string() })),
  aiProvider: z.enum(['practice', 'gateway']),
  demo: z
    .object({
      password: z.string(),
      people: z.array(z.object({ name: z.string(), email: z.string(), role: z.string(), note: z.string() })),
    })
    .nullable(),
});
export type SignInPagePublic = z.infer<typeof SignInPagePublicZod>;

/** What whoever follows the link of a new server makes of it. */
export const SetUpInputZod = z.object({
  token: z.string().min(20).max(100),
  schoolName: z.string().trim().min(1).max(100),
  ...UserMandatoryZod.shape,
  email: emailInput,
  password: passwordInput,
});

/** The answer to a write: what it wrote arrives by sync. */
export const DoneZod = z.object({ __type: z.literal('Done') });
