import { chatIdleMs } from '@raptscallions/zod-schemas/chat.zod';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/database';
import { connectDb } from '../db';
import { demoSignIns } from './demo_people';
import { seedDemoSchool } from './seed_demo_school';

test.each([3, 9, 10, 15, 22])(
  'made at %i o’clock, the demo school has no open chat the server would end, and one to go on with for each pupil to sign in as',
  async (hour) => {
    const database = await createTestDatabase();
    const db = connectDb(database.url, 'system', 2);
    const now = new Date(2026, 10, 20).setHours(hour, 40);
    expect(await seedDemoSchool(db, async () => 'no password', now)).toBe(true);

    const open = await db.chatSessions.where({ status: 'active' }).select('userId', 'lastMessageAt');
    expect(open.filter(({ lastMessageAt }) => now - Number(lastMessageAt) >= chatIdleMs)).toEqual([]);

    const names = demoSignIns
      .filter(({ key }) => ['nwosu', 'lindqvist'].includes(key))
      .map(({ name }) => name);
    expect(names).toHaveLength(2);
    for (const name of names) {
      const { userId } = await db.users.where({ name }).select('userId').take();
      expect(open.some((session) => session.userId === userId)).toBe(true);
    }
    await db.$close();
    await database.drop();
  },
);
