import { connectDb } from './db';

/** What `yarn db g` compares the database with; it never queries through it. */
export const db = connectDb(process.env.DATABASE_URL ?? 'postgres://localhost/none', 'system', 1);
