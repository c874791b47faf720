import { createHash } from 'node:crypto';
import { ModuleManifestZod } from '@raptscallions/module-sdk/module_manifest';
import { systemTenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { enterTenant } from '../db/enter_tenant';
import { runSql } from '../db/run_sql';
import { storedId } from '../db/stored_id';
import { createAuth } from '../modules/auth/auth';
import { resolveSession } from '../modules/auth/resolve_session';
import { Puller, type PullRequest } from '../modules/sync/services/pull.service';
import type { App } from '../procedures/context';
import { buildApp } from './build_app';
import { buildMirrorSchool, mirrorSecret, type School } from './build_mirror_school';
import { tenantTables } from './tenant_tables';

/** Two schools that are alike to the last row, in two tenants, with everybody signed in through real sessions. */
export async function buildMirror() {
  const built = await buildApp();
  const { systemDb, config } = built.app;
  const auth = createAuth({ db: systemDb, config, secret: mirrorSecret, logger: built.app.logger });
  const inTransaction = <T>({ tenantId }: PullRequest, work: (puller: Puller) => Promise<T>) =>
    enterTenant(built.app.db, tenantId, () => work(new Puller(built.app.db, built.app.db)));
  const app: App = {
    ...built.app,
    resolveSession: (headers) => resolveSession(auth, headers),
    // In the transaction of its caller, and of no other's: what a first pull writes must be undone with the rest.
    puller: {
      pull: (request) => inTransaction(request, (puller) => puller.pull(request)),
      pullText: (request) => inTransaction(request, (puller) => puller.pullText(request)),
    },
  };

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

  /**
   * A hash, for each table, of every row these schools have, sync entries and sign-ins included: whatever anybody
   * changed, it differs.
   */
  async function digest(...schools: School[]): Promise<Record<string, string>> {
    const rowsOf = {
      ...Object.fromEntries(
        (await tenantTables(app)).map((table) => [table, `select t from ${table} t where tenant_id = $1`]),
      ),
      // Of the installation, since nobody has a tenant before they have signed in.
      auth_users: 'select t from auth_users t where tenant_id = $1',
      auth_accounts:
        'select t from auth_accounts t join auth_users u on u.id = t.user_id where u.tenant_id = $1',
      // Without the moment of the last call, which every call may move.
      auth_sessions: `select (t.id, t.user_id, t.token, t.proved_at, t.device_context) as t
        from auth_sessions t join auth_users u on u.id = t.user_id where u.tenant_id = $1`,
    };
    const hashes: Record<string, string> = {};
    for (const { tenantId, marker } of schools)
      for (const [table, rows] of Object.entries(rowsOf)) {
        const [found] = await runSql<{ all: string | null }>(
          systemDb,
          `select string_agg(t::text, E'\n' order by t::text) as all from (${rows}) r`,
          [storedId(tenantId)],
        );
        const hash = createHash('sha256').update(found?.all ?? '');
        hashes[`${table} ${marker}`] = hash.digest('hex');
      }
    return hashes;
  }

  return { app, here, there, undone, digest, close: built.close };
}
