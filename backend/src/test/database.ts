import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';

/** A database of the test file's own, with every table and trigger, cloned from the migrated template. */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const admin = new pg.Client({ connectionString: inject('adminUrl') });
  await admin.connect();
  const name = inject('template').replace('template', 'test').concat('_', randomUUID().slice(0, 8));
  await admin.query(`create database "${name}" template "${inject('template')}"`);
  const url = new URL(inject('adminUrl'));
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await dropDatabase(admin, name);
      await admin.end();
    },
  };
}

const mostTries = 100;

/** Whoever is connected is cut off, save a worker of autovacuum: that is the superuser's, and ends by itself soon. */
async function dropDatabase(admin: pg.Client, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await admin.query(`drop database if exists "${name}" with (force)`);
      return;
    } catch (error) {
      const notOurs = error instanceof pg.DatabaseError && error.code === '42501';
      if (!notOurs || tries === mostTries) throw error;
      await delay(100);
    }
  }
}
