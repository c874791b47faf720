import type { BetterAuthOptions } from 'better-auth';
import { createAdapterFactory, type DBAdapter } from 'better-auth/adapters';
import { sql } from '../../db/base_table';
import { type AuthTable, matchOne, matchRows } from './match_rows';

export type AuthModels = {
  /** the table of a model (`user`, `session`, …) */
  table(model: string): AuthTable;
  /** the id a new row of a model is given */
  newRowId(model: string): string;
  transaction<R>(work: () => Promise<R>): Promise<R>;
};

/**
 * better-auth's database, over our own tables and column types: ids are rich ids, times become dates on the
 * way out, and every statement joins the transaction it is called in.
 */
export function createOrchidAdapter(models: AuthModels): (options: BetterAuthOptions) => DBAdapter {
  return (options) => {
    const adapter: DBAdapter = createAdapterFactory({
      config: {
        adapterId: 'orchid',
        adapterName: 'Orchid adapter',
        // Text holds them as JSON: none of our own models has such a field.
        supportsJSON: false,
        supportsArrays: false,
        customIdGenerator: ({ model }) => models.newRowId(model),
        customTransformOutput: ({ data, fieldAttributes }) =>
          fieldAttributes.type === 'date' && typeof data === 'number' ? new Date(data) : data,
        // The statements inside find the open transaction themselves.
        transaction: (work) => models.transaction(() => work(adapter)),
      },
      adapter: ({ getFieldName }) => {
        const columns = (modelKey: string, fields: string[] | undefined) =>
          fields?.length ? fields.map((field) => getFieldName({ model: modelKey, field })) : (['*'] as const);

        return {
          create: async <T>({ model, data }: { model: string; data: T }) => {
            const stored: unknown = await models.table(model).selectAll().create(asRow(data));
            return stored as T;
          },
          findOne: async ({ model, modelKey = model, where, select }) =>
            firstOf(
              await matchRows(models.table(model), where)
                .select(...columns(modelKey, select))
                .limit(1),
            ),
          findMany: async ({ model, modelKey = model, where, select, limit, offset, sortBy }) => {
            const query = matchRows(models.table(model), where)
              .select(...columns(modelKey, select))
              .limit(limit)
              .offset(offset ?? 0);
            if (!sortBy) return rowsOf(await query);
            const field = getFieldName({ model: modelKey, field: sortBy.field });
            return rowsOf(await query.order({ [field]: sortBy.direction === 'desc' ? 'DESC' : 'ASC' }));
          },
          count: async ({ model, where }) => matchRows(models.table(model), where).count(),
          update: async ({ model, where, update }) =>
            firstOf(await matchOne(models.table(model), where).selectAll().update(asRow(update))),
          updateMany: async ({ model, where, update }) =>
            matchRows(models.table(model), where).all().update(asRow(update)),
          delete: async ({ model, where }) => {
            await matchRows(models.table(model), where).all().delete();
          },
          deleteMany: async ({ model, where }) => matchRows(models.table(model), where).all().delete(),
          consumeOne: async ({ model, where }) =>
            firstOf(await matchOne(models.table(model), where).selectAll().delete()),
          incrementOne: async ({ model, where, increment, set }) => {
            const table = models.table(model);
            const sums = Object.entries(increment).map(([field, delta]) => [
              field,
              () => sql`${table.column(field)} + ${delta}`,
            ]);
            const changes = { ...set, ...Object.fromEntries(sums) };
            return firstOf(await matchOne(table, where).selectAll().update(changes));
          },
        };
      },
    })(options);
    return adapter;
  };
}

type Row = Record<string, unknown>;

// The factory types a row by its caller's wish; what comes back has the shape of the table either way.
const asRow = (data: unknown) => data as Row;
const rowsOf = <T>(found: unknown) => found as T[];
const firstOf = <T>(found: unknown) => rowsOf<T>(found)[0] ?? null;
