import { createHash } from 'node:crypto';
import { ModuleManifestZod } from '@raptscallions/module-sdk/module_manifest';
import { systemTenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { enterTenant } from '../db/enter_tenant';
import { runSql } from '../db/run_sql';
import { storedId } from '../db/stored_id';
import { createAuth } from '../modules/auth/auth';
import { resolveSession } from '../modules/auth/resolve_session';
import type { App } from '../procedures/context';
import { buildApp } from './build_app';
import { buildMirrorSchool, mirrorSecret, type School } from './build_mirror_school';
import { tenantTables } from './tenant_tables';

/** Two schools that are alike to the last row, in two tenants, with everybody signed in through real sessions. */
export async function buildMirror() {
  const built = await buildApp();
  const { systemDb, config } = built.app;
  const auth = createAuth({ db: systemDb, config, secret: mirrorSecret, logger: built.app.logger });
  const app: App = { ...built.app, resolveSession: (headers) => resolveSession(auth, headers) };

  // Of the installation, so there is one for both.
  const manifest = ModuleManifestZod.parse({
    name: 'mirror',
    version: '1.0.0',
    description: 'Looks back',
    hooks: ['chat:before_ai'],
  });
  await systemDb.hookModules.create({ tenantId: systemTenantId, name: 'mirror', manifest, status: 'ready' });
  const here = await buildMirrorSchool(app, 'marker-of-here');
  const there = await buildMirrorSchool(app, 'marker-of-there');

  /** What work does in the school is seen by its own answer only: the transaction is undone. */
  async function undone<T>(school: School, work: () => Promise<T>): Promise<T> {
    const undo: { answer?: { value: T } } = {};
    await enterTenant(app.db, school.tenantId, async () => {
      undo.answer = { value: await work() };
      throw undo;
    }).catch((thrown: unknown) => {
      if (thrown !== undo) throw thrown;
    });
    if (!undo.answer) throw new Error('the work has no answer');
    return undo.answer.value;
  }

  /** A hash of every row these schools have, sync entries and sign-ins included: whatever anybody changed, it differs. */
  async function digest(...schools: School[]): Promise<string> {
    const hash = createHash('sha256');
    const everyRow = [
      ...(await tenantTables(app)).map(
        (table) => `select t::text as row from ${table} t where tenant_id = $1`,
      ),
      // Of the installation, since nobody has a tenant before they have signed in.
      'select t::text as row from auth_users t where tenant_id = $1',
      ...['auth_accounts', 'auth_sessions'].map(
        (table) =>
          `select t::text as row from ${table} t join auth_users u on u.id = t.user_id where u.tenant_id = $1`,
      ),
    ];
    for (const { tenantId } of schools)
      for (const rows of everyRow) {
        const [found] = await runSql<{ all: string | null }>(
          systemDb,
          `select string_agg(row, E'\n' order by row) as all from (${rows}) r`,
          [storedId(tenantId)],
        );
        hash.update(`${rows}\n${found?.all ?? ''}\n`);
      }
    return hash.digest('hex');
  }

  return { app, here, there, undone, digest, close: built.close };
}
