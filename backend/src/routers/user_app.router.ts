import { assignmentsRouter } from '../modules/assignments/assignments.router';
import { auditRouter } from '../modules/audit/audit.router';
import { authRouter } from '../modules/auth/auth.router';
import { chatRouter } from '../modules/chat/chat.router';
import { classesRouter } from '../modules/classes/classes.router';
import { groupsRouter } from '../modules/groups/groups.router';
import { hooksRouter } from '../modules/hooks/hooks.router';
import { notificationsRouter } from '../modules/notifications/notifications.router';
import { peopleRouter } from '../modules/people/people.router';
import { privacyRouter } from '../modules/privacy/privacy.router';
import { productsRouter } from '../modules/products/products.router';
import { rostersRouter } from '../modules/rosters/rosters.router';
import { runsRouter } from '../modules/runs/runs.router';
import { syncRouter } from '../modules/sync/sync.router';
import { tenantsRouter } from '../modules/tenants/tenants.router';
import { toolsRouter } from '../modules/tools/tools.router';
import { usageRouter } from '../modules/usage/usage.router';
import { usersRouter } from '../modules/users/users.router';

/** Everything the web app may call, under `/rpc`. */
export const userAppRouter = {
  ...usersRouter,
  audit: auditRouter,
  auth: authRouter,
  classes: classesRouter,
  groups: groupsRouter,
  tools: toolsRouter,
  assignments: assignmentsRouter,
  chat: chatRouter,
  people: peopleRouter,
  privacy: privacyRouter,
  rosters: rostersRouter,
  products: productsRouter,
  runs: runsRouter,
  notifications: notificationsRouter,
  usage: usageRouter,
  hooks: hooksRouter,
  sync: syncRouter,
  tenants: tenantsRouter,
};
export type UserAppRouter = typeof userAppRouter;
