import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBenchDatabase } from '../bench_database';
import type { Benchmark } from '../benchmark';
import { percentile } from '../percentile';
import { ServerProcess } from '../server_process';
import type { AnswerTimes } from './answer_times';
import { askDirectly } from './ask_directly';
import { Pupil } from './pupil';
import { seedPupils } from './seed_pupils';

const atOnce = Number(process.env.PUPILS ?? 200);
const questions = Number(process.env.QUESTIONS ?? 3);
/** about as long as an answer of a tutor is */
const words = 320;
/** how long one answer takes at the gateway, so that the pupils begin evenly over it */
const answerMs = 300 + words * 25;
const stops = 20;
const pauseMs = 200;

/** Everybody asks, reads to the end and asks again; nobody begins at the same moment as another. */
async function everybody(ask: (pupil: number, question: number) => Promise<AnswerTimes>) {
  const times: AnswerTimes[] = [];
  await Promise.all(
    Array.from({ length: atOnce }, async (_, pupil) => {
      await sleep((pupil / atOnce) * answerMs);
      for (let question = 0; question < questions; question++) {
        // Nobody types the next question in the moment in which the last word appears.
        if (question > 0) await sleep(Math.random() * 2 * pauseMs);
        const one = await ask(pupil, question);
        // The first of each warms up, and not everybody is there yet.
        if (question > 0) times.push(one);
      }
    }),
  );
  return times;
}

function describe(who: string, times: AnswerTimes[], cpu: string) {
  const round = (value: number) => Number(value.toFixed(1));
  const of = (values: number[]) => `${round(percentile(values, 0.5))} / ${round(percentile(values, 0.99))}`;
  return {
    who,
    answers: times.length,
    'first word p50 / p99': of(times.map(({ first }) => first)),
    'to the gateway': of(times.map(({ toGateway }) => toGateway)),
    'first word back': of(times.map(({ firstBack }) => firstBack)),
    'later words': of(times.flatMap(({ later }) => later)),
    'CPU s': cpu,
  };
}

/**
 * How much later than at the gateway itself a pupil reads: the question over push, queue and worker, the words
 * over table, relay and stream, with an api process and two workers. Milliseconds.
 */
export const benchmark: Benchmark = {
  title: `First and later words with ${atOnce} answers at once, ms`,
  peer: 'the same gateway, asked directly from the same process',
  // 30 ms on top of the 300 the gateway takes.
  target: 0.91,
  lowerIsBetter: true,
  async measure() {
    const database = await createBenchDatabase();
    const servers: ServerProcess[] = [];
    const start = async (script: string, env: Record<string, string>) => {
      const server = await ServerProcess.start(path.join(import.meta.dirname, script), env);
      servers.push(server);
      return server;
    };
    const pupils: Pupil[] = [];
    try {
      const seeded = await seedPupils(database.url, atOnce);
      const gateway = await start('gateway.ts', {});
      const env = {
        DATABASE_URL: database.url,
        BETTER_AUTH_SECRET: seeded.secret,
        AI_GATEWAY_URL: `${gateway.url}/v1`,
        AI_CONCURRENCY: String(Math.ceil(atOnce / 2) + 10),
        RATE_LIMIT_API_MAX: '100000',
        RAPT_DEMO: 'false',
      };
      const api = await start('serve.ts', { ...env, ROLE: 'api' });
      const workers = [
        await start('serve.ts', { ...env, ROLE: 'worker' }),
        await start('serve.ts', { ...env, ROLE: 'worker' }),
      ];
      for (const { cookie, chatSessionId } of seeded.pupils)
        pupils.push(new Pupil(api.url, cookie, chatSessionId));
      for (const pupil of pupils) await pupil.open();
      const question = (pupil: number, at: number) => `${words} words, from ${pupil} for ${at}`;
      const directly = (pupil: number, at: number) => askDirectly(gateway.url, question(pupil, at));
      const cpuOf = () => [api, ...workers].map((each) => each.cpuMicroseconds() / 1e6);
      const before = await everybody(directly);
      const cpu = cpuOf();
      const ours = await everybody(async (pupil, at) => {
        const mine = pupils[pupil];
        if (!mine) throw new Error('there is one for each');
        return mine.ask(question(pupil, at), words);
      });
      const used = cpuOf().map((seconds, at) => (seconds - (cpu[at] ?? 0)).toFixed(1));
      const theirs = [...before, ...(await everybody(directly))];

      const stopTimes: number[] = [];
      for (const [at, pupil] of pupils.slice(0, stops).entries()) {
        const text = `1000 words, to be stopped, ${at}`;
        const asked = await pupil.askAndStop(text);
        let abortedAt: number | undefined;
        while (abortedAt === undefined) {
          const { aborts }: { aborts: Record<string, number> } = JSON.parse(
            await (await fetch(gateway.url)).text(),
          );
          abortedAt = aborts[text];
          if (abortedAt === undefined) await sleep(5);
        }
        stopTimes.push(abortedAt - asked);
      }
      const first = (times: AnswerTimes[], share: number) =>
        percentile(
          times.map((time) => time.first),
          share,
        );
      const overhead = (share: number) => (first(ours, share) - first(theirs, share)).toFixed(1);
      process.stdout.write(
        `\nadded to the first word: ${overhead(0.5)} ms at p50 (target 30), ${overhead(0.99)} ms at p99 (target 100)\n` +
          `stop to the gateway's socket closed: p50 ${percentile(stopTimes, 0.5).toFixed(1)} ms, worst ${Math.max(...stopTimes).toFixed(1)} ms\n`,
      );
      return {
        rows: [describe('gateway itself', theirs, ''), describe('Raptscallions', ours, used.join(' + '))],
        ours: Number(first(ours, 0.5).toFixed(1)),
        theirs: Number(first(theirs, 0.5).toFixed(1)),
      };
    } finally {
      for (const pupil of pupils) pupil.close();
      for (const server of servers) await server.stop();
      await database.drop();
    }
  },
};
