import { userAppRouter } from '../routers/user_app.router';
import { type ListedProcedure, listProcedures } from './list_procedures';

/**
 * Every router the server answers with, by what stands before the names of its procedures. The table of rights, the
 * fuzz of ids, undeclared fields and the audit log are held against all of them: another one joins by a line here,
 * and `http_surface.test.ts` fails for one that is mounted and not here.
 */
export const servedRouters: Record<string, object> = { '': userAppRouter };

export const servedProcedures: ListedProcedure[] = Object.entries(servedRouters).flatMap(([name, router]) =>
  listProcedures(router, name ? [name] : []),
);
