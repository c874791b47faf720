import { randomBytes } from 'node:crypto';
import { createProofDatabase, type ProofDatabase } from './database';
import type { Fault } from './faults';
import { SchoolBuilder } from './school';
import { Servers } from './servers';

/** What histories happen in: PostgreSQL and the product's servers, one after the other. */
export type World = {
  database: ProofDatabase;
  servers: Servers;
  schools: SchoolBuilder;
  fault: Fault | null;
};

const serverCount = 2;

/** Builds a world for some work, and takes it down whatever comes of it. */
export async function inWorld<T>(fault: Fault | null, work: (world: World) => Promise<T>): Promise<T> {
  const database = await createProofDatabase(fault === 'timestamp-cursor');
  const secret = randomBytes(32).toString('hex');
  const servers = new Servers({ DATABASE_URL: database.url, BETTER_AUTH_SECRET: secret });
  const schools = new SchoolBuilder(database.url, secret);
  try {
    await servers.start(serverCount);
    return await work({ database, servers, schools, fault });
  } finally {
    await schools.close();
    await servers.stop();
    await database.drop();
  }
}
