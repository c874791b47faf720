import { newId } from '@raptscallions/zod-schemas/rich_id';
import type pg from 'pg';
import type { ProofDatabase } from './database';
import { uuidOf } from './device';
import type { Operation } from './operations';
import type { School } from './school';

const failoverSql = `
  update sync_epoch set epoch = gen_random_uuid();
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name <> 'proof' and pid <> pg_backend_pid()`;

const purgeSql = `
  with purged as (
    delete from sync_entry where del and xid < pg_snapshot_xmin(pg_current_snapshot()) returning xid)
  update sync_epoch set purged_xid = greatest(purged_xid, (select max(xid) from purged))
  where exists (select from purged)`;

/** Writes beside the API, as services, imports and operators do. What waits too long for a lock is undone. */
export class DatabaseWriter {
  #count = 0;
  readonly #left: { id: string; classId: string; userId: string; role: string }[] = [];
  readonly #tenant: string;
  readonly #classes: string[];

  private constructor(
    readonly school: School,
    readonly short: pg.Client,
    readonly long: pg.Client,
    readonly owner: pg.Client,
  ) {
    this.#tenant = uuidOf(school.tenantId);
    this.#classes = school.classes.map(uuidOf);
  }

  static async connect(database: ProofDatabase, school: School): Promise<DatabaseWriter> {
    const writer = new DatabaseWriter(
      school,
      await database.connect(),
      await database.connect(),
      await database.connect(),
    );
    await writer.owner.query('reset role');
    await writer.owner.query('set role none');
    return writer;
  }

  #long = false;

  async close(): Promise<void> {
    await this.endLong('rollback');
    await Promise.all([this.short, this.long, this.owner].map((client) => client.end()));
  }

  async endLong(how: 'commit' | 'rollback'): Promise<void> {
    if (!this.#long) return;
    this.#long = false;
    await this.long.query(how).catch(() => {});
  }

  async perform({ kind, one, two }: Operation): Promise<void> {
    const pick = <T>(list: readonly T[], choice: number): T => {
      const item = list[Math.floor(choice * list.length)];
      if (item === undefined) throw new Error('nothing to pick');
      return item;
    };
    const { groups, pupil, teacher, others } = this.school;
    const tenant = this.#tenant;
    const classId = pick(this.#classes, one);
    const somebody = uuidOf(pick([pupil.userId, teacher.userId, ...others], two));
    const groupId = uuidOf(pick(groups, one));
    switch (kind) {
      case 'pair':
        return this.#transaction((query) => this.#writePair(query, one));
      case 'rollback':
        return this.#transaction(async (query) => {
          await this.#writePair(query, one);
          throw new Error('changed our mind');
        });
      case 'beginLong':
        if (this.#long) return;
        this.#long = true;
        try {
          await this.long.query('begin');
          await this.#writePair((text, values) => this.long.query(text, values), one);
        } catch {
          await this.endLong('rollback');
        }
        return;
      case 'endLong':
        return this.endLong(one < 0.75 ? 'commit' : 'rollback');
      case 'joinClass':
        return this.#transaction((query) =>
          query(
            `insert into class_members (tenant_id, class_member_id, class_id, user_id, role)
             values ($1, $2, $3, $4, $5) on conflict do nothing`,
            [
              tenant,
              uuidOf(newId('classmember')),
              classId,
              somebody,
              two * 10 - Math.floor(two * 10) < 0.3 ? 'teacher' : 'student',
            ],
          ),
        );
      case 'leaveClass':
        return this.#transaction(async (query) => {
          const { rows } = await query(
            `delete from class_members where tenant_id = $1 and class_id = $2 and user_id = $3
             returning class_member_id, role`,
            [tenant, classId, somebody],
          );
          for (const row of rows) {
            this.#left.push({ id: row.class_member_id, classId, userId: somebody, role: row.role });
          }
        });
      case 'rejoinClass': {
        const former = this.#left.pop();
        if (!former) return;
        return this.#transaction((query) =>
          query(
            `insert into class_members (tenant_id, class_member_id, class_id, user_id, role)
             values ($1, $2, $3, $4, $5) on conflict do nothing`,
            [tenant, former.id, former.classId, former.userId, former.role],
          ),
        );
      }
      case 'joinGroup':
        return this.#transaction((query) =>
          query(
            `insert into group_members (tenant_id, group_member_id, group_id, user_id, role)
             values ($1, $2, $3, $4, 'teacher') on conflict do nothing`,
            [tenant, uuidOf(newId('groupmember')), groupId, somebody],
          ),
        );
      case 'leaveGroup':
        return this.#transaction((query) =>
          query('delete from group_members where tenant_id = $1 and group_id = $2 and user_id = $3', [
            tenant,
            groupId,
            somebody,
          ]),
        );
      case 'changeRole':
        return this.#transaction((query) =>
          query(
            `update class_members set role = (case when role = 'teacher' then 'student' else 'teacher' end)::class_role
             where tenant_id = $1 and user_id = $2`,
            [tenant, somebody],
          ),
        );
      case 'archive':
      case 'restore':
        return this.#transaction((query) =>
          query(
            `update classes set deleted_at = ${kind === 'archive' ? 'now()' : 'null'} where tenant_id = $1 and class_id = $2`,
            [tenant, classId],
          ),
        );
      case 'failover':
        await this.owner.query(failoverSql);
        return;
      case 'purge':
        await this.owner.query(purgeSql).catch(() => {});
        return;
    }
  }

  async #writePair(query: Query, choice: number): Promise<void> {
    const half = choice < 0.5 ? 0 : 2;
    this.#count += 1;
    for (const classId of this.#classes.slice(half, half + 2)) {
      await query('update classes set subject = $3 where tenant_id = $1 and class_id = $2', [
        this.#tenant,
        classId,
        `lesson ${this.#count}`,
      ]);
    }
  }

  async #transaction(work: (query: Query) => Promise<unknown>): Promise<void> {
    try {
      await this.short.query('begin');
      await work((text, values) => this.short.query(text, values));
      await this.short.query('commit');
    } catch {
      // A lock not got, a name taken: such a transaction never was.
      await this.short.query('rollback');
    }
  }
}

type Query = (text: string, values: unknown[]) => Promise<pg.QueryResult>;
