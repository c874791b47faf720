import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createBenchDatabase } from '../bench_database';
import type { Benchmark } from '../benchmark';
import { percentile } from '../percentile';
import { clock } from '../run_latency/clock';
import { Pupil } from '../run_latency/pupil';
import { seedPupils } from '../run_latency/seed_pupils';
import { ServerProcess } from '../server_process';

const pupilCount = Number(process.env.PUPILS ?? 40);
const questions = Number(process.env.QUESTIONS ?? 6);
const words = 60;
const scripts = path.resolve(import.meta.dirname, '../run_latency');

/**
 * Pupils who ask one question after the other while the workers that answer are killed without a warning, one
 * after the other. Each question must have exactly one answer, whole, in its place. How much longer the slowest
 * answers take than without kills, in milliseconds.
 */
export const benchmark: Benchmark = {
  title: `${pupilCount} pupils, ${questions} questions each, while workers are killed`,
  peer: 'the same without kills',
  target: 0.2,
  lowerIsBetter: true,
  async measure() {
    const database = await createBenchDatabase();
    const servers = new Set<ServerProcess>();
    const start = async (script: string, env: Record<string, string>) => {
      const server = await ServerProcess.start(path.join(scripts, script), env);
      servers.add(server);
      return server;
    };
    const kill = async (server: ServerProcess) => {
      await server.stop();
      servers.delete(server);
    };
    const pupils: Pupil[] = [];
    try {
      const seeded = await seedPupils(database.url, pupilCount);
      const gateway = await start('gateway.ts', {});
      const env = {
        DATABASE_URL: database.url,
        BETTER_AUTH_SECRET: seeded.secret,
        AI_GATEWAY_URL: `${gateway.url}/v1`,
        RATE_LIMIT_API_MAX: '100000',
        RAPT_DEMO: 'false',
      };
      const api = await start('serve.ts', { ...env, ROLE: 'api' });
      await start('serve.ts', { ...env, ROLE: 'cron' });
      const startWorker = () => start('serve.ts', { ...env, ROLE: 'worker' });
      const workers = [await startWorker(), await startWorker()];
      for (const { cookie, chatSessionId } of seeded.pupils) {
        const pupil = new Pupil(api.url, cookie, chatSessionId);
        await pupil.open();
        pupils.push(pupil);
      }
      const everybodyAsks = async () => {
        const taken: number[] = [];
        await Promise.all(
          pupils.map(async (pupil) => {
            for (let at = 0; at < questions; at++) {
              const asked = clock();
              await pupil.askToEnd(`${words} words, question ${at}`);
              taken.push(clock() - asked);
            }
          }),
        );
        return taken;
      };
      const calm = await everybodyAsks();
      let over = false;
      let kills = 0;
      const asking = everybodyAsks().finally(() => {
        over = true;
      });
      while (!over) {
        await sleep(2_000 + Math.random() * 3_000);
        const victim = workers.shift();
        if (!victim || over) break;
        await kill(victim);
        kills++;
        workers.push(await startWorker());
      }
      const stormy = await asking;
      const wrong = await countWrong(database.url, 2 * pupilCount * questions);
      const { calls }: { calls: number } = JSON.parse(await (await fetch(gateway.url)).text());
      if (wrong > 0) throw new Error(`${wrong} questions were lost, or answered twice, or in part`);
      const row = (name: string, taken: number[], killed: number) => ({
        run: name,
        kills: killed,
        answers: taken.length,
        'answer p50': Math.round(percentile(taken, 0.5)),
        p99: Math.round(percentile(taken, 0.99)),
        worst: Math.round(Math.max(...taken)),
      });
      process.stdout.write(
        `\nevery question has one whole answer in its place; ${calls - calm.length - stormy.length} calls to the gateway were made again\n`,
      );
      return {
        rows: [row('calm', calm, 0), row('workers killed', stormy, kills)],
        ours: Math.round(percentile(stormy, 0.99)),
        theirs: Math.round(percentile(calm, 0.99)),
      };
    } finally {
      for (const pupil of pupils) pupil.close();
      for (const server of servers) await server.stop();
      await database.drop();
    }
  },
};

/** Questions without exactly one whole answer behind them, and those that are missing. */
async function countWrong(url: string, expected: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ asked: number; right: number }>(
    `select count(*)::int as asked, count(*) filter (where r.status = 'completed' and a.outcome = 'complete'
       and a.seq = q.seq + 1 and array_length(string_to_array(trim(a.text), ' '), 1) = $1
       and (select count(*) from messages o where o.run_id = r.run_id and o.role = 'assistant') = 1)::int as right
     from messages q join runs r on r.message_id = q.message_id left join messages a on a.message_id = r.answer_message_id
     where q.role = 'user'`,
    [words],
  );
  await client.end();
  const { asked = 0, right = 0 } = rows[0] ?? {};
  return expected - right + Math.abs(asked - expected);
}
