import { type AnyProcedure, ORPCError, os, ValidationError } from '@orpc/server';
import { errorTable } from '@raptscallions/zod-schemas/error.zod';
import { enterTenant } from '../db/enter_tenant';
import { readTenant } from '../db/read_tenant';
import { AppError, toAppError } from '../lib/app_error';
import { isAudited, recordAction } from '../modules/audit/services/record_action.service';
import { nobodyLimit } from '../modules/limits/count_call';
import type { App, CallLimit, ReadContext, RequestContext, SignedIn, TenantContext } from './context';
import { orpcErrorOf } from './orpc_error_of';

/** Who may call: everybody, who is signed in, who signed in a moment ago. A procedure without it fails a test. */
export type Access = 'public' | 'protected' | 'sensitive';

/** `takesLong`: the database does not stop its statements, since what they do cannot be had in parts. */
export type ProcedureMeta = { access?: Access; limit?: CallLimit; takesLong?: true };

/** How long a sign-in counts as fresh, for what must not be done from a tab somebody left open. */
const freshMs = 10 * 60_000;

/** Every failure leaves as one of the vocabulary, and what is our fault is in the log with its cause. */
const base = os
  .$context<RequestContext>()
  .$meta<ProcedureMeta>({})
  .use(async ({ context, next, path }) => {
    try {
      return await next();
    } catch (error) {
      throw toOrpcError(error, (cause) =>
        context.app.logger.error({ err: cause, procedure: path.join('.') }, 'a procedure failed'),
      );
    }
  });

/** What a procedure declares may come after the lines that ask for it, so it is looked up with the call. */
type Declared = { '~orpc': { meta: ProcedureMeta } };

/** Whether a procedure answers whoever calls it, signed in or not. */
export function isPublic(procedure: Declared): boolean {
  return procedure['~orpc'].meta.access === 'public';
}

/**
 * Finds out who calls, and counts the call.
 * @throws AppError UNAUTHORIZED, RATE_LIMIT_EXCEEDED
 */
export async function admitCaller(context: RequestContext, procedure: Declared): Promise<SignedIn> {
  const signedIn = await context.app.resolveSession(context.headers, context.setCookie);
  context.count?.(signedIn?.userId ?? null, signedIn ? procedure['~orpc'].meta.limit : nobodyLimit);
  if (!signedIn) throw new AppError('UNAUTHORIZED');
  return signedIn;
}

/** Counts a call of anybody. */
export function admitAnybody(context: RequestContext, procedure: Declared): void {
  context.count?.(null, procedure['~orpc'].meta.limit);
}

/** For anybody. */
export const rpcPublicProcedure = base.meta({ access: 'public' }).use(({ context, next, procedure }) => {
  admitAnybody(context, procedure);
  return next();
});

/** For a signed-in, active person. */
export const rpcProtectedProcedure = base
  .meta({ access: 'protected' })
  .use(async ({ context, next, procedure }) =>
    next({ context: { signedIn: await admitCaller(context, procedure) } }),
  );

/** For somebody who has shown within the last ten minutes who they are: what changes who may get in. */
const rpcSensitiveProcedure = rpcProtectedProcedure.meta({ access: 'sensitive' }).use(({ context, next }) => {
  if (Date.now() - context.signedIn.signedInAt > freshMs) {
    throw new AppError('UNAUTHORIZED', 'Please sign in again to do this.', {
      reason: 'fresh_session_required',
    });
  }
  return next();
});

/** A protected procedure that only reads: on the read-only database, without a transaction. */
export const rpcReadProcedure = rpcProtectedProcedure.use(({ context, next }) => {
  const tenant = readContext(context.app, context.signedIn);
  return readTenant(tenant.tenantId, () => next({ context: { tenant } }));
});

const inOwnTenant = os
  .$context<RequestContext & { signedIn: SignedIn }>()
  .middleware(({ context, next, path, procedure }, given: unknown) => {
    const { db } = context.app;
    const tenant: TenantContext = { ...readContext(context.app, context.signedIn), db };
    const action = path.join('.');
    const work = () => readTenant(tenant.tenantId, async () => next({ context: { tenant } }));
    const { takesLong }: ProcedureMeta = procedure['~orpc'].meta;
    const statementMs = takesLong ? undefined : context.app.config.DATABASE_STATEMENT_TIMEOUT_MS;
    return enterTenant(
      db,
      tenant.tenantId,
      () =>
        isAudited(action)
          ? recordAction(
              tenant,
              {
                action,
                readInput: () => declaredPart(procedure, given),
                answerOf: ({ output }) => output,
              },
              work,
            )
          : work(),
      // Inside of another transaction it is an edit, for which `push` has set a savepoint.
      { joins: true, statementMs },
    );
  });

/** A protected procedure whose whole work is one transaction in the person's tenant. */
export const rpcTenantProcedure = rpcProtectedProcedure.use(inOwnTenant);

/** The same for somebody who has signed in a moment ago. */
export const rpcSensitiveTenantProcedure = rpcSensitiveProcedure.use(inOwnTenant);

/** Only what the procedure declares: nobody writes fields of their own into the log. */
async function declaredPart({ '~orpc': { inputSchema } }: AnyProcedure, given: unknown): Promise<unknown> {
  const read = await inputSchema?.['~standard'].validate(given);
  return read && !read.issues ? read.value : undefined;
}

function readContext(app: App, { tenantId, actor }: SignedIn): ReadContext {
  const logger = app.logger.child({ tenantId });
  return { app, tenantId, actor, dbRO: app.dbRO, logger };
}

function toOrpcError(error: unknown, report: (cause: unknown) => void): ORPCError<string, unknown> {
  if (error instanceof ORPCError) {
    const invalid = error.cause instanceof ValidationError ? error.cause : undefined;
    if (error.code === 'BAD_REQUEST' && invalid) return inputError(invalid);
    if (error.code === 'INTERNAL_SERVER_ERROR') report(error.cause ?? error);
    return error;
  }
  const known = toAppError(error);
  if (errorTable[known.code].report) report(error);
  return orpcErrorOf(known);
}

/** The first thing wrong with an input, with its place; the rest are in the details. */
function inputError(invalid: ValidationError): ORPCError<string, unknown> {
  const issues = invalid.issues.map((issue) => ({
    path: (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part)).join('.'),
    message: issue.message,
  }));
  const first = issues[0];
  const message = first
    ? `${first.path ? `${first.path}: ` : ''}${first.message}`
    : errorTable.BAD_REQUEST.message;
  return new ORPCError('BAD_REQUEST', { status: 400, message, data: { details: { issues } } });
}
