import { systemTenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type pg from 'pg';
import type { ProofDatabase } from './database';
import type { WriteKind } from './operations';
import type { Version } from './oracle';
import { pick } from './pick';
import type { School } from './school';
import { uuidOf } from './sight';
import { type Query, type Target, writePair, writes } from './writes';

const failoverSql = `
  update sync_epoch set epoch = gen_random_uuid();
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name <> 'proof' and pid <> pg_backend_pid()`;

type Connections = { short: pg.Client; long: pg.Client; owner: pg.Client };
type Choice = { kind: WriteKind; one: number; two: number };

async function connect(database: ProofDatabase): Promise<Connections> {
  const [short, long, owner] = [await database.connect(), await database.connect(), await database.connect()];
  await owner.query('set role none');
  return { short, long, owner };
}

/** Writes beside the API, as services, imports and operators do. What waits too long for a lock is undone. */
export class DatabaseWriter {
  #connections: Connections;
  #count = 0;
  #long = false;
  /** one after the other, also what happens between the pages of somebody's load */
  #last: Promise<void> = Promise.resolve();
  readonly #left: Target['left'] = [];

  private constructor(
    readonly database: ProofDatabase,
    readonly school: School,
    /** as the hourly task does, but of everything there is */
    readonly purge: () => Promise<unknown>,
    connections: Connections,
  ) {
    this.#connections = connections;
  }

  static async connect(
    database: ProofDatabase,
    school: School,
    purge: () => Promise<unknown>,
  ): Promise<DatabaseWriter> {
    return new DatabaseWriter(database, school, purge, await connect(database));
  }

  async close(): Promise<void> {
    await this.perform({ kind: 'endLong', one: 1, two: 0 });
    await Promise.all(Object.values(this.#connections).map((client) => client.end()));
  }

  perform(choice: Choice): Promise<void> {
    this.#last = this.#last.then(() => this.#perform(choice));
    return this.#last;
  }

  /**
   * PostgreSQL crashes under everybody. Just before, a transaction comes to nothing that has an id and was not
   * yet flushed: the id is given out again afterwards.
   */
  crash(): Promise<void> {
    this.#last = this.#last.then(async () => {
      const { short } = this.#connections;
      await this.#transaction((query) => writes.pair(query, this.#target({ kind: 'pair', one: 0, two: 0 })));
      await short
        .query('begin; set local synchronous_commit = off; select pg_current_xact_id(); commit')
        .catch(() => {});
      // Long enough for streams to have told a browser of the moment, and shorter than the log is kept back.
      await new Promise((resolve) => setTimeout(resolve, 80));
      await this.database.crash();
      this.#long = false;
      await Promise.all(Object.values(this.#connections).map((client) => client.end().catch(() => {})));
      this.#connections = await connect(this.database);
    });
    return this.#last;
  }

  async readVersions(): Promise<Version[]> {
    const { rows } = await this.#connections.owner.query<Version>(
      'select tbl, row_id, xid::text, body from proof.history where tenant_id = any($1::uuid[]) order by seq',
      [[uuidOf(this.school.tenantId), uuidOf(systemTenantId)]],
    );
    return rows;
  }

  async #perform(choice: Choice): Promise<void> {
    const { long, owner } = this.#connections;
    const { kind, one } = choice;
    switch (kind) {
      case 'beginLong':
        if (this.#long) return;
        this.#long = true;
        try {
          await long.query('begin');
          await writePair((text, values) => long.query(text, values), this.#target(choice));
        } catch {
          await this.#endLong('rollback');
        }
        return;
      case 'endLong':
        return this.#endLong(one < 0.75 ? 'commit' : 'rollback');
      case 'failover':
        await owner.query(failoverSql);
        return;
      case 'purge':
        await this.purge().catch(() => {});
        return;
      default:
        await this.#transaction((query) => writes[kind](query, this.#target(choice)));
    }
  }

  #target({ one, two }: Choice): Target {
    const { tenantId, classes, groups, pupil, neighbour, teacher, others } = this.school;
    const uuids = classes.map(uuidOf);
    return {
      tenant: uuidOf(tenantId),
      school: this.school,
      classes: uuids,
      classId: pick(uuids, one),
      groupId: uuidOf(pick(groups, one)),
      person: uuidOf(pick([pupil, teacher, neighbour, ...others], two)),
      one,
      two,
      count: ++this.#count,
      left: this.#left,
    };
  }

  async #endLong(how: 'commit' | 'rollback'): Promise<void> {
    if (!this.#long) return;
    this.#long = false;
    await this.#connections.long.query(how).catch(() => {});
  }

  async #transaction(work: (query: Query) => Promise<unknown>): Promise<void> {
    const { short } = this.#connections;
    try {
      await short.query('begin');
      await work((text, values) => short.query(text, values));
      await short.query('commit');
    } catch (error) {
      // A lock not got, a name taken: such a transaction never was.
      await short.query('rollback');
      if (isOurMistake(error)) throw error;
    }
  }
}

/** SQL that the tables do not know proves nothing. */
function isOurMistake(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('42');
}
