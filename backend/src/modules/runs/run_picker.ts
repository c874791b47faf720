import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import { idFromUuid, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type pg from 'pg';
import { atOnce } from '../../db/at_once';
import { storedId } from '../../db/stored_id';

/** A worker that has not said for this long that it lives has lost its run. */
export const leaseMs = 10_000;

/** How many runs may be under way at once, over all workers. */
export type RunShares = { perClass: number; perUser: number };

export type PickedRun = {
  tenantId: TenantId;
  runId: RichId<'run'>;
  chatSessionId: ChatSessionId | null;
  attempt: number;
  /** a stop that its last worker did not live to obey */
  cancelled: boolean;
  takeovers: number;
  /** since when it is tried, waits included; milliseconds since 1970 */
  takenUpAt: number;
};

/** Taken by everybody who picks, so that two do not give away the same share. */
const pickLock = 7_263_002;

/**
 * Leases up to $1 runs, the i-th for the task at the i-th place of $2. What may begin: the oldest open run of a
 * session nobody is working in, while its person and its class are below their shares. What begins first: runs
 * of whoever has the fewest under way, so that a class of two hundred waits for itself and not the school for it.
 * Runs that wait come from the index of those; runs somebody lost, from their leases. A parked one was lost by nobody.
 * No number of an attempt is given out twice, also when the one before it was never begun; and of runs leased
 * together each has a moment of its own, by which `findTurn` tells who was there first.
 */
const pickSql = `
with live as materialized (
  select tenant_id, run_id, chat_session_id, coalesce(class_id, user_id) as class_key, user_id,
    task_id is not null as counts
  from run_leases
  where lease_until > now() and (task_id is null or task_id <> all ($2::uuid[]))
), of_user as (
  select tenant_id, user_id, count(*) as live from live where counts group by 1, 2
), of_class as (
  select tenant_id, class_key, count(*) as live from live where counts group by 1, 2
), open as (
  select r.tenant_id, r.run_id, r.chat_session_id, r.class_id, r.user_id, r.attempt, r.answer_seq, r.created_at
  from runs r
  where r.status = 'pending' and r.deleted_at is null
    and not exists (select from live l where l.tenant_id = r.tenant_id and l.run_id = r.run_id)
    and not exists (select from chat_sessions s where s.tenant_id = r.tenant_id
      and s.chat_session_id = r.chat_session_id and s.status = 'paused')
  union all
  select r.tenant_id, r.run_id, r.chat_session_id, r.class_id, r.user_id, r.attempt, r.answer_seq, r.created_at
  from run_leases l join runs r on r.tenant_id = l.tenant_id and r.run_id = l.run_id
  where (l.lease_until <= now() or l.task_id = any ($2::uuid[])) and r.status = 'processing' and r.deleted_at is null
), free as (
  select o.*, coalesce(o.class_id, o.user_id) as class_key
  from open o
  where not exists (select from live l where l.tenant_id = o.tenant_id and l.chat_session_id = o.chat_session_id)
    and not exists (select from runs e where e.tenant_id = o.tenant_id and e.chat_session_id = o.chat_session_id
      and e.answer_seq <= o.answer_seq and (e.answer_seq, e.created_at) < (o.answer_seq, o.created_at)
      and e.status in ('pending', 'processing') and e.deleted_at is null)
), by_user as (
  select f.*, coalesce(u.live, 0)
    + row_number() over (partition by f.tenant_id, f.user_id order by f.created_at, f.run_id) as user_place
  from free f left join of_user u on u.tenant_id = f.tenant_id and u.user_id = f.user_id
), by_class as (
  select b.*, coalesce(c.live, 0)
    + row_number() over (partition by b.tenant_id, b.class_key order by b.created_at, b.run_id) as class_place
  from by_user b left join of_class c on c.tenant_id = b.tenant_id and c.class_key = b.class_key
  where b.user_place <= $4
), chosen as (
  select c.*, row_number() over (order by c.class_place, c.created_at, c.run_id) as place
  from by_class c where c.class_place <= $3
  order by c.class_place, c.created_at, c.run_id limit $1
)
insert into run_leases as l (tenant_id, run_id, chat_session_id, class_id, user_id, attempt, task_id, lease_until,
  created_at)
select tenant_id, run_id, chat_session_id, class_id, user_id, attempt + 1, ($2::uuid[])[place],
  now() + $5 * interval '1 ms', clock_timestamp()
from chosen
on conflict (tenant_id, run_id) do update set attempt = greatest(excluded.attempt, l.attempt + 1), task_id = excluded.task_id,
  lease_until = excluded.lease_until, takeovers = l.takeovers + (l.task_id is not null)::int, updated_at = now()
returning task_id, tenant_id, run_id, chat_session_id, attempt, cancel_requested_at is not null as cancelled,
  takeovers, floor(extract(epoch from created_at) * 1000)::float8 as taken_up_at`;

type Row = {
  task_id: string;
  tenant_id: string;
  run_id: string;
  chat_session_id: string | null;
  attempt: number;
  cancelled: boolean;
  takeovers: number;
  taken_up_at: number;
};

type Waiting = {
  taskId: RichId<'task'>;
  give: (run: PickedRun | undefined) => void;
  fail: (error: unknown) => void;
};

/** Gives the workers of this process the runs whose turn it is; those who ask at the same time are asked for together. */
export class RunPicker {
  private waiting: Waiting[] = [];
  private picking = false;

  /**
   * @param pool of the system role: turns are given out over all schools. Its commits need not reach the disk, so that
   * nobody waits for that under the lock: the claim's does, before anything is done, and what was written before it
   * is on the disk then too. A lease that goes with the server was never acted upon.
   */
  constructor(
    private readonly pool: pg.Pool,
    private readonly shares: RunShares,
  ) {}

  /**
   * A run that is now leased in the name of this task.
   * @returns undefined when there is none that may begin
   * @throws when the database is out of reach
   */
  pick(taskId: RichId<'task'>): Promise<PickedRun | undefined> {
    return new Promise((give, fail) => {
      this.waiting.push({ taskId, give, fail });
      void this.serve();
    });
  }

  private async serve(): Promise<void> {
    if (this.picking) return;
    this.picking = true;
    while (this.waiting.length > 0) {
      const asked = this.waiting;
      this.waiting = [];
      try {
        const rows = await this.take(asked.map(({ taskId }) => storedId(taskId)));
        const given = new Map(rows.map((row) => [row.task_id, toPicked(row)]));
        for (const { taskId, give } of asked) give(given.get(storedId(taskId)));
      } catch (error) {
        for (const { fail } of asked) fail(error);
      }
    }
    this.picking = false;
  }

  private async take(tasks: string[]): Promise<Row[]> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      const { perClass, perUser } = this.shares;
      // Three statements: the lock must be held before the snapshot is taken in which shares are counted. Sent in one
      // go, so that nobody waits under the lock for us; a process that is paused in the middle must not keep it.
      const [, { rows }] = await atOnce([
        client.query(
          `begin; set local idle_in_transaction_session_timeout = '2s'; select pg_advisory_xact_lock(${pickLock})`,
        ),
        client.query<Row>({
          name: 'pick_runs',
          text: pickSql,
          values: [tasks.length, tasks, perClass, perUser, leaseMs],
        }),
        client.query('commit'),
      ]);
      return rows;
    } catch (error) {
      broken = error instanceof Error ? error : new Error(String(error));
      throw broken;
    } finally {
      client.release(broken);
    }
  }
}

function toPicked(row: Row): PickedRun {
  const { attempt, cancelled, takeovers } = row;
  return {
    tenantId: idFromUuid('tenant', row.tenant_id),
    runId: idFromUuid('run', row.run_id),
    chatSessionId: row.chat_session_id === null ? null : idFromUuid('chat', row.chat_session_id),
    attempt,
    cancelled,
    takeovers,
    takenUpAt: row.taken_up_at,
  };
}
