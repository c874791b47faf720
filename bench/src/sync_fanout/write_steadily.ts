import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { clock } from '../run_latency/clock';

/** One write: its number is in the row, and when the database said that it was committed. */
export type Write = { number: number; classId: string; committedAt: number };

let lastNumber = 0;

/** So many changes a second, each of another class in a transaction of its own, spread evenly. */
export async function writeSteadily(
  pool: pg.Pool,
  tenantId: string,
  classIds: string[],
  perSecond: number,
  seconds: number,
): Promise<Write[]> {
  const writes: Write[] = [];
  const pending = new Set<Promise<void>>();
  const begun = clock();
  for (let at = 0; at < perSecond * seconds; at++) {
    const wait = begun + (at * 1_000) / perSecond - clock();
    if (wait > 1) await sleep(wait);
    const number = ++lastNumber;
    const classId = classIds[number % classIds.length] ?? '';
    const write = pool
      .query({
        name: 'change',
        text: 'update classes set subject = $3 where tenant_id = $1 and class_id = $2',
        values: [tenantId, classId, `@${number}@`],
      })
      .then(() => {
        writes.push({ number, classId, committedAt: clock() });
        pending.delete(write);
      });
    pending.add(write);
  }
  await Promise.all(pending);
  return writes.sort((a, b) => a.number - b.number);
}

/**
 * How long after its commit each write, or a later one of the same class, was at each stream of that class, in
 * milliseconds; and how many never came. Two writes between two looks are one change to whoever reads.
 */
export function delaysOf(writes: Write[], streams: number[][], classOf: (stream: number) => string) {
  const byClass = new Map<string, Write[]>();
  for (const write of writes) byClass.set(write.classId, [...(byClass.get(write.classId) ?? []), write]);
  const delays: number[] = [];
  let frames = 0;
  let missing = 0;
  for (const [index, arrivals] of streams.entries()) {
    frames += arrivals.length / 2;
    let at = 0;
    for (const { number, committedAt } of byClass.get(classOf(index)) ?? []) {
      while (at < arrivals.length && (arrivals[at] ?? 0) < number) at += 2;
      const readAt = arrivals[at + 1];
      if (readAt === undefined) missing++;
      else delays.push(Math.max(0, readAt - committedAt));
    }
  }
  return { delays, frames, missing };
}
