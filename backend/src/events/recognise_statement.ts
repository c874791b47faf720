import { z } from 'zod';

/** What pg-tbus 0.1.9 asks its database for; `pinned.ts` makes sure that it is that version. */
export type Statement =
  | { kind: 'claim'; limit: number }
  | { kind: 'settle'; items: SettledByPgTbus[] }
  | { kind: 'expire' }
  | { kind: 'purge' }
  | { kind: 'last_event' }
  | { kind: 'cursor' };

const ItemZod = z.object({ t: z.string(), s: z.boolean() });
/** A task's id as we gave it, and whether its handler resolved. */
type SettledByPgTbus = z.output<typeof ItemZod>;

const CommandZod = z.object({ text: z.string(), values: z.array(z.unknown()).default([]) });
const LimitZod = z.number().int().positive();
const limitPosition = 2; // queue, state, limit, ...

/**
 * Tells the statements apart by words that each has alone.
 * @throws Error for any other: going on would mean to guess
 */
export function recogniseStatement(command: unknown): Statement {
  const { text, values } = CommandZod.parse(command);
  if (text.includes('SKIP LOCKED') && text.includes('RETURNING t.*')) {
    return { kind: 'claim', limit: LimitZod.parse(values[limitPosition]) };
  }
  if (text.includes('json_to_recordset')) {
    return { kind: 'settle', items: z.array(ItemZod).parse(JSON.parse(String(values[0]))) };
  }
  if (text.includes('(startedOn + expireIn) < now()')) return { kind: 'expire' };
  if (text.includes('DELETE FROM')) return { kind: 'purge' };
  if (text.includes('ORDER BY pos DESC')) return { kind: 'last_event' };
  if (text.includes('.cursors (svc, l_p)')) return { kind: 'cursor' };
  throw new Error('pg-tbus sent a statement this layer does not know');
}
