import { BaseTable } from '../../db/base_table';
import { orchidORM } from 'orchid-orm/node-postgres';
import type { AuthTable } from './match_rows';
import { connectDb } from '../../db/db';
const names: string[] = ['a'];
function define(name: string, fields: string[]) {
  return class extends BaseTable {
    readonly table: string = name;
    columns = this.setColumns((t) => ({ id: t.text().primaryKey(), ...Object.fromEntries(fields.map((f) => [f, t.text().nullable()])) }), );
  };
}
const db = orchidORM({ databaseURL: '' }, Object.fromEntries(names.map((n) => [n, define(n, ['x'])])));
export const x: AuthTable | undefined = db['a'];
export const y: AuthTable = connectDb('', 'app', 1).authUsers;
