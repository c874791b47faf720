import { call } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { appRole, systemRole } from '../../db/base_table';
import { stored } from '../../db/stored_id';
import { orchidQuery } from '../../events/orchid_query';
import { createQueue, type Queue } from '../../events/tbus';
import { createNotifier, type Notifier } from '../../lib/suprsend';
import { userAppRouter } from '../../routers/user_app.router';
import { buildApp, buildSchool } from '../../test/build_app';
import { startSuprsendStub } from '../../test/start_suprsend_stub';
import { usageNearLimitEvent } from '../usage/usage.event';
import { onNotifiedEvents, onSendNotification } from './notifications.task';
import { sendNotification } from './services/send_notification.service';

const settles = { timeout: 20_000, interval: 50 };

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
let stub: Awaited<ReturnType<typeof startSuprsendStub>>;
let queue: Queue;
let notifier: Notifier | null;
beforeAll(async () => {
  built = await buildApp();
  const { app } = built;
  school = await buildSchool(app.systemDb);
  stub = await startSuprsendStub();
  notifier = createNotifier({ SUPRSEND_API_KEY: 'key:secret', SUPRSEND_URL: stub.url });
  app.enqueue = async (task, input, options) => {
    await task.send(orchidQuery(app.db), input, options);
    if (app.db.$isInTransaction()) app.db.$afterCommit(() => queue.wakeSoon(task.queue));
    else queue.wakeSoon(task.queue);
  };
  app.publish = (event, payload) => event.publish(orchidQuery(app.db), payload);
  const tools = { db: app.db, enqueue: app.enqueue, notifier };
  queue = createQueue({
    connection: { connectionString: built.url, options: `-c role=${systemRole}` },
    queues: { notifications: { concurrency: 2 } },
    tasks: [onSendNotification(tools)],
    events: onNotifiedEvents(tools),
    producerRoles: [appRole],
    logger: app.logger,
  });
  await queue.start();
});
afterAll(async () => {
  await queue?.stop({ drainMs: 100 });
  await stub?.close();
  await built?.close();
});

const told = (userId: UserId) => built.app.systemDb.notifications.where(stored({ userId }));

async function giveTask() {
  const [teacher, coTeacher, pupil] = [
    await school.addPerson('teacher'),
    await school.addPerson('teacher'),
    await school.addPerson('student'),
  ];
  const classId = await school.addClass(teacher, [pupil]);
  const { tenantId } = school;
  const member = { tenantId, classMemberId: newId('classmember'), classId, userId: coTeacher };
  await built.app.systemDb.classMembers.create({ ...member, role: 'teacher' });
  const { toolId, toolVersionId } = await school.addTool(teacher);
  const input = { assignmentId: newId('assignment'), classId, toolId, toolVersionId, title: 'Read this' };
  const create = () =>
    call(userAppRouter.assignments.create, input, { context: built.as(teacher, tenantId) });
  return { teacher, coTeacher, pupil, input, create };
}

test('a class’s other teachers hear of a new task once; whoever gave it, and pupils, do not', async () => {
  const { teacher, coTeacher, pupil, create } = await giveTask();
  await create();
  await vi.waitFor(async () => expect(await told(coTeacher).pluck('status')).toEqual(['sent']), settles);
  expect(await told(teacher).count()).toBe(0);
  expect(await told(pupil).count()).toBe(0);
  const [delivery] = stub.delivered().filter(({ recipients }) => recipients[0]?.distinct_id === coTeacher);
  expect(delivery).toMatchObject({
    workflow: 'assignment-created',
    recipients: [{ $email: [`${coTeacher.toLowerCase()}@school.example`] }],
    data: { className: expect.stringMatching(/^Class/), tool: expect.stringMatching(/^Tool/) },
  });
});

test('a budget nearly used is told to whoever looks after the group or one above, once in its month', async () => {
  const { tenantId, school: groupId } = school;
  const admins = [await school.addPerson('group_admin'), await school.addPerson('group_admin', groupId)];
  const teacher = await school.addPerson('teacher');
  const event = {
    __type: 'usage.near_limit',
    tenantId,
    entityId: groupId,
    timestamp: Date.now(),
    period: 'month',
    periodStartsAt: 1,
    used: 93,
    limit: 100,
  } as const;
  for (const _ of [1, 2]) await built.app.publish(usageNearLimitEvent, event);
  await built.app.publish(usageNearLimitEvent, { ...event, periodStartsAt: 2 });
  for (const admin of admins) {
    await vi.waitFor(
      async () => expect(await told(admin).pluck('status')).toEqual(['sent', 'sent']),
      settles,
    );
  }
  expect(await told(teacher).count()).toBe(0);
  const mine = stub.delivered().find(({ recipients }) => recipients[0]?.distinct_id === admins[0]);
  expect(mine).toMatchObject({
    workflow: 'usage-near-limit',
    data: { group: 'School', period: 'month', percent: '93' },
  });
});

test('a budget of nothing is told as used up', async () => {
  const { tenantId, school: groupId } = school;
  const admin = await school.addPerson('group_admin', groupId);
  const when = { timestamp: Date.now(), period: 'month', periodStartsAt: 3 } as const;
  const of = { __type: 'usage.near_limit', tenantId, entityId: groupId } as const;
  await built.app.publish(usageNearLimitEvent, { ...of, ...when, used: 0, limit: 0 });
  await vi.waitFor(async () => expect(await told(admin).pluck('status')).toEqual(['sent']), settles);
  const mine = stub.delivered().find(({ recipients }) => recipients[0]?.distinct_id === admin);
  expect(mine?.data).toMatchObject({ percent: '100' });
});

test('what was rolled back is told to nobody', async () => {
  const { coTeacher, create } = await giveTask();
  await create();
  await expect(create()).rejects.toThrow();
  await vi.waitFor(async () => expect(await told(coTeacher).pluck('status')).toEqual(['sent']), settles);
  expect(await told(coTeacher).count()).toBe(1);
});

test('a service that fails is asked again under the same key, and one that refuses is not', async () => {
  const { tenantId } = school;
  const { db, systemDb } = built.app;
  async function waiting() {
    const ids = { tenantId, notificationId: newId('notification') };
    const userId = await school.addPerson('teacher');
    const what = { workflow: 'class-joined' as const, data: { className: '7B' }, cause: ids.notificationId };
    await systemDb.notifications.create({ ...ids, userId, ...what });
    return { ids, row: () => systemDb.notifications.findBy(stored(ids)) };
  }
  const busy = await waiting();
  stub.answerWith(503);
  await expect(sendNotification({ db, notifier }, busy.ids)).rejects.toThrow('503');
  expect(await busy.row()).toMatchObject({ status: 'waiting', failure: '503 no' });
  await sendNotification({ db, notifier }, busy.ids);
  await sendNotification({ db, notifier }, busy.ids);
  expect(await busy.row()).toMatchObject({ status: 'sent', failure: null });
  expect(
    stub.delivered().filter(({ $idempotency_key }) => $idempotency_key === busy.ids.notificationId),
  ).toHaveLength(1);

  const wrong = await waiting();
  stub.answerWith(422);
  await expect(sendNotification({ db, notifier }, wrong.ids)).rejects.toMatchObject({
    name: 'PermanentTaskError',
  });
  expect(await wrong.row()).toMatchObject({ status: 'failed' });
});

test('without a service nothing leaves, and administrators read what would have been sent', async () => {
  const { tenantId } = school;
  const { db, systemDb } = built.app;
  const ids = { tenantId, notificationId: newId('notification') };
  const userId = await school.addPerson('teacher');
  const what = { workflow: 'class-joined' as const, data: { className: '7C' }, cause: 'x' };
  await systemDb.notifications.create({ ...ids, userId, ...what });
  const before = stub.delivered().length;
  await sendNotification({ db, notifier: createNotifier({ SUPRSEND_URL: undefined }) }, ids);
  expect(stub.delivered()).toHaveLength(before);
  const admin = await school.addPerson('group_admin', school.school);
  const context = built.as(admin, tenantId);
  const first = await call(userAppRouter.notifications.list, { limit: 1, status: 'recorded' }, { context });
  expect(first.items).toMatchObject([{ notificationId: ids.notificationId, data: { className: '7C' } }]);
  const all = await call(userAppRouter.notifications.list, { limit: 2 }, { context });
  const rest = await call(userAppRouter.notifications.list, { cursor: all.cursor ?? '' }, { context });
  const seen = [...all.items, ...rest.items].map(({ notificationId }) => notificationId);
  expect(seen).toEqual(seen.toSorted().reverse());
  expect(new Set(seen).size).toBe(seen.length);
});
