import { systemTenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../db/db';
import { storedId } from '../../db/stored_id';
import type { Logger } from '../../lib/logger';
import type { ModuleState, ModuleSupervisor } from './module_supervisor';

/** How soon an administrator's wish to begin again is heard, while a module is ill. */
const listenMs = 2_000;

/**
 * Keeps the table that says which modules there are and how they are, for pages in whatever process, and hears
 * there when an administrator wants one to begin again.
 */
export class ModuleRegister {
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private heardUntil = Date.now();

  /** @param db of the system role: the rows are the reserved tenant's */
  constructor(
    private readonly db: Db,
    private readonly supervisor: Pick<ModuleSupervisor, 'states' | 'revive'>,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.listen(), listenMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
  }

  /** Stores how the modules are; in order, and never fails. */
  write(states: ModuleState[]): Promise<void> {
    this.writing = this.writing
      .then(() => this.store(states))
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'how the modules are was not written down'),
      );
    return this.writing;
  }

  private async store(states: ModuleState[]): Promise<void> {
    const tenantId = systemTenantId;
    for (const { name, manifest, status, problem, crashes } of states) {
      const how = { manifest, status, problem, crashes, removedAt: null };
      await this.db.hookModules
        .create({ tenantId, name, ...how })
        .onConflict(['tenantId', 'name'])
        .merge(['manifest', 'status', 'problem', 'crashes', 'removedAt']);
    }
    await this.db.hookModules
      .where({
        tenantId: storedId(tenantId),
        name: { notIn: states.map(({ name }) => name) },
        removedAt: null,
      })
      .update({ removedAt: Date.now() });
  }

  private async listen(): Promise<void> {
    if (this.supervisor.states().every(({ crashes }) => crashes === 0)) return;
    try {
      const rows = await this.db.hookModules
        .where({ tenantId: storedId(systemTenantId), reviveRequestedAt: { gt: new Date(this.heardUntil) } })
        .select('name', 'reviveRequestedAt');
      for (const { name, reviveRequestedAt } of rows) {
        this.supervisor.revive(name);
        this.heardUntil = Math.max(this.heardUntil, reviveRequestedAt ?? 0);
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'whether a module should begin again could not be read');
    }
  }
}
