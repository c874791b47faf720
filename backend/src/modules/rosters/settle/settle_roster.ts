import type { ClientBase } from 'pg';
import { z } from 'zod';
import { withHeldPlacing } from '../../sync/with_held_placing';
import { endClasses, settleClasses } from './settle_classes';
import { endGroups, settleGroups } from './settle_groups';
import { settleMembers } from './settle_members';
import { mine, twins } from './settle_sql';
import { settleUsers } from './settle_users';

export type SettleInput = {
  tenantUuid: string;
  sourceUuid: string;
  rootGroupUuid: string;
  grantsAdmin: boolean;
  matchesMasterIds: boolean;
};

const placeOf = `case o.entity when 'enrollment' then o.after->>'class' when 'role' then o.after->>'org' end`;
const personOf = `case when o.entity in ('enrollment', 'role') then o.after->>'user' end`;
const ofOp = `${mine} and r.entity = o.entity and r.sourced_id = o.sourced_id`;

/** What the source says, by `roster_op`; new ones in the order of their key, so that its index is filled from end to end. */
const writeRefs = [
  `insert into public.external_refs
    (tenant_id, roster_source_id, entity, sourced_id, data, internal_id, place_sourced_id, person_sourced_id,
      suspended_person)
  select $1, $2, entity, sourced_id, after, case when entity in ('org', 'class') then uuidv7() end, ${placeOf}, ${personOf},
    entity = 'user' and not coalesce((after->>'enabled')::boolean, true)
  from roster_op o where op = 'add' order by entity, sourced_id`,
  `update public.external_refs r set data = o.after, ended_at = null, updated_at = now(),
    place_sourced_id = ${placeOf}, person_sourced_id = ${personOf}
  from roster_op o where ${ofOp} and o.op in ('change', 'reactivate')`,
  `update public.external_refs r set ended_at = now(), updated_at = now() from roster_op o where ${ofOp} and o.op = 'end'`,
];

/** Above this many operations a plan that looks rows up one by one is the wrong one. */
const manyOps = 20_000;

/** A few thousand operations are looked up in a school of a million records, many are joined with all of it. */
const planFor = (many: boolean) =>
  many ? 'set local enable_nestloop = off; set local enable_seqscan = on' : 'set local enable_seqscan = off';

const OpsZod = z.tuple([
  z.object({ ops: z.coerce.number(), orgs: z.coerce.number(), classes: z.coerce.number() }),
]);
const TodayZod = z.tuple([z.object({ day: z.string(), reviewed: z.boolean() })]);

/**
 * Brings groups, classes, people and memberships to what `roster_op` says, by sets, in the caller's transaction.
 * For `dates` only memberships, which open and close as days pass, and no `roster_op` is needed; `dates_if_due`
 * leaves that out where it was done today. What could not
 * be done as the feed wanted is added to `roster_issue`. The triggers of the tables note which rows are to be
 * placed for browsers, which happens at the end.
 */
export async function settleRoster(
  client: ClientBase,
  input: SettleInput,
  what: 'records' | 'dates' | 'dates_if_due',
): Promise<void> {
  const { tenantUuid, sourceUuid, rootGroupUuid, grantsAdmin, matchesMasterIds } = input;
  const run = async (statement: string) => {
    const used = ['$1', '$2', '$3'].filter((name) => statement.includes(name));
    const values = [tenantUuid, sourceUuid, rootGroupUuid].filter((_, at) => used.includes(`$${at + 1}`));
    // A statement that does not use one must not be given one; the rest move up.
    const text = used.reduce((sql, name, at) => sql.replaceAll(name, `$${at + 1}`), statement);
    return (await client.query(text, values)).rowCount ?? 0;
  };
  // Two sources of a school that both bring somebody new of one name would each find it free, and one would fail.
  await client.query(`select pg_advisory_xact_lock(hashtextextended('settle roster ' || $1, 0))`, [
    tenantUuid,
  ]);
  const today = await client.query(
    `select to_char(now() at time zone time_zone, 'YYYY-MM-DD') as day,
      dates_reviewed_on is not distinct from to_char(now() at time zone time_zone, 'YYYY-MM-DD') as reviewed
    from public.roster_sources where tenant_id = $1 and roster_source_id = $2`,
    [tenantUuid, sourceUuid],
  );
  const [{ day, reviewed }] = TodayZod.parse(today.rows);
  const all = what === 'dates' || !reviewed;
  if (what === 'dates_if_due' && reviewed) return;
  await client.query(
    `create temp table roster_today on commit drop as select $1::text as day, $2::boolean as grants_admin`,
    [day, grantsAdmin],
  );
  // Each person is touched by a dozen statements, and placed once.
  await withHeldPlacing(client, async () => {
    const shared = (await run(twins)) > 0;
    let many = all;
    if (what === 'records') {
      const counted = await client.query(
        `select count(*) ops, count(*) filter (where entity = 'org') orgs,
          count(*) filter (where entity in ('org', 'class')) classes from roster_op`,
      );
      const [{ ops, orgs, classes }] = OpsZod.parse(counted.rows);
      many ||= ops > manyOps;
      // What a first load has just written has no statistics yet, and a plan made for a few rows would loop over all.
      await client.query(planFor(many));
      for (const statement of writeRefs) await run(statement);
      if (classes > 0) await endClasses(run);
      if (orgs > 0) await settleGroups(run);
      if (classes > 0) await settleClasses(run);
      if (orgs > 0) await endGroups(run);
      await settleUsers(run, matchesMasterIds);
    }
    await client.query(planFor(many));
    await settleMembers(run, all ? 'all' : 'touched', shared);
  });
  if (!all) return;
  await client.query(
    'update public.roster_sources set dates_reviewed_on = $3 where tenant_id = $1 and roster_source_id = $2',
    [tenantUuid, sourceUuid, day],
  );
}
