import type { AnySchema, ErrorMap, InferSchemaInput } from '@orpc/contract';
import { type Context, call, eventIterator, type Procedure } from '@orpc/server';
import { abilityFor, may } from '@raptscallions/policies/ability';
import type { EditName } from '@raptscallions/zod-schemas/edit.zod';
import {
  StreamWatchInputZod,
  StreamWatchZod,
  SyncDigestInputZod,
  SyncDigestZod,
  SyncFrameZod,
  SyncPageZod,
  SyncPullInputZod,
  SyncPushInputZod,
  SyncPushZod,
  SyncSealKeyZod,
  SyncStreamInputZod,
} from '@raptscallions/zod-schemas/sync.zod';
import { stored, storedIds } from '../../db/stored_id';
import { AppError } from '../../lib/app_error';
import type { RequestContext } from '../../procedures/context';
import { type ProcedureMeta, rpcProtectedProcedure, rpcTenantProcedure } from '../../procedures/procedures';
import { assignmentsRouter } from '../assignments/assignments.router';
import { chatRouter } from '../chat/chat.router';
import { classesRouter } from '../classes/classes.router';
import { groupsRouter } from '../groups/groups.router';
import { hooksRouter } from '../hooks/hooks.router';
import { syncLimit } from '../limits/count_call';
import { productsRouter } from '../products/products.router';
import { toolsRouter } from '../tools/tools.router';
import { checkVersion } from './check_version';
import { digest } from './services/digest.service';
import { push } from './services/push.service';

/** A procedure as an edit: its own input schema checks the arguments, whatever they are. */
function edit<
  C extends Context,
  I extends AnySchema,
  O extends AnySchema,
  E extends ErrorMap,
  M extends ProcedureMeta,
>(procedure: Procedure<RequestContext, C, I, O, E, M>) {
  return (args: unknown, context: RequestContext, path: string[]) =>
    call(procedure, args as InferSchemaInput<I>, { context, path });
}

/** The very procedures the API serves, under the names edits have: there is no second way to write. */
const edits = {
  'classes.create': edit(classesRouter.create),
  'classes.update': edit(classesRouter.update),
  'classes.archive': edit(classesRouter.archive),
  'classes.addMember': edit(classesRouter.addMember),
  'classes.removeMember': edit(classesRouter.removeMember),
  'groups.create': edit(groupsRouter.create),
  'groups.update': edit(groupsRouter.update),
  'groups.move': edit(groupsRouter.move),
  'groups.archive': edit(groupsRouter.archive),
  'groups.setMember': edit(groupsRouter.setMember),
  'groups.removeMember': edit(groupsRouter.removeMember),
  'tools.save': edit(toolsRouter.save),
  'tools.publish': edit(toolsRouter.publish),
  'tools.archive': edit(toolsRouter.archive),
  'assignments.create': edit(assignmentsRouter.create),
  'assignments.update': edit(assignmentsRouter.update),
  'assignments.remove': edit(assignmentsRouter.remove),
  'chat.start': edit(chatRouter.start),
  'chat.send': edit(chatRouter.send),
  'chat.retry': edit(chatRouter.retry),
  'chat.regenerate': edit(chatRouter.regenerate),
  'chat.continue': edit(chatRouter.continue),
  'chat.pause': edit(chatRouter.pause),
  'chat.complete': edit(chatRouter.complete),
  'chat.hide': edit(chatRouter.hide),
  'chat.recordView': edit(chatRouter.recordView),
  'hooks.acknowledge': edit(hooksRouter.acknowledge),
  'products.run': edit(productsRouter.run),
  'products.retry': edit(productsRouter.retry),
  'products.hide': edit(productsRouter.hide),
  'products.recordView': edit(productsRouter.recordView),
} satisfies Record<EditName, (args: unknown, context: RequestContext, path: string[]) => Promise<unknown>>;

/** For a browser of our version, which reads columns by their place. */
const ofOurVersion = rpcProtectedProcedure.meta({ limit: syncLimit }).use(({ context, next }) => {
  checkVersion(context.headers);
  return next();
});

const statementMsOf = ({ app }: RequestContext) => app.config.DATABASE_STATEMENT_TIMEOUT_MS;

export const syncRouter = {
  pull: ofOurVersion
    .input(SyncPullInputZod)
    .output(SyncPageZod)
    .handler(({ context, input }) => {
      const { tenantId, userId } = context.signedIn;
      return context.app.puller.pull({ ...input, tenantId, userId });
    }),

  digest: ofOurVersion
    .input(SyncDigestInputZod)
    .output(SyncDigestZod)
    .handler(({ context, input }) => {
      const { tenantId, userId } = context.signedIn;
      return digest(context.app.db, { ...input, tenantId, userId, statementMs: statementMsOf(context) });
    }),

  /** The key to what this person leaves unsent on a device: it comes with a sign-in, and browsers do not keep it. */
  sealKey: rpcProtectedProcedure
    .meta({ limit: syncLimit })
    .output(SyncSealKeyZod)
    .handler(({ context }) => {
      return { __type: 'SyncSealKey' as const, key: context.app.sealKey(context.signedIn.userId) };
    }),

  push: ofOurVersion
    .input(SyncPushInputZod)
    .output(SyncPushZod)
    .handler(({ context, input }) => {
      const { app, headers, signedIn } = context;
      return push(app, signedIn, input, (name, args, actor) => {
        // Who it is was found out for the whole batch; the rights are those of each edit's own transaction.
        const resolveSession = async () => ({ ...signedIn, actor: await actor });
        return edits[name](args, { app: { ...app, resolveSession }, headers }, name.split('.'));
      });
    }),

  /** Served outside of this router, by `sync.stream.ts`, as bytes that many readers share. */
  stream: rpcProtectedProcedure
    .meta({ limit: syncLimit })
    .input(SyncStreamInputZod)
    .output(eventIterator(SyncFrameZod))
    .handler(() => {
      throw new AppError('BAD_REQUEST', 'Streams are opened at /rpc/sync/stream of the running server.');
    }),

  /** Which runs of other people a stream shall carry: those the person may read, the rest are left out. */
  watch: rpcTenantProcedure
    .meta({ limit: syncLimit })
    .input(StreamWatchInputZod)
    .output(StreamWatchZod)
    .handler(async ({ context, input }) => {
      const { app, tenant, signedIn } = context;
      const { db, tenantId, actor } = tenant;
      const runs =
        input.runIds.length === 0
          ? []
          : await db.runs.where({ ...stored({ tenantId }), runId: { in: storedIds(input.runIds) } });
      const ability = abilityFor(actor);
      const runIds = runs
        .filter((run) => may(ability, 'read', 'Run', { ...run, hidden: false }))
        .map((run) => run.runId);
      await app.watchRuns(signedIn.userId, input.streamId, runIds);
      return { __type: 'StreamWatch' as const, runIds };
    }),
};
