import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../lib/app_error';

export type CronJobs = {
  /** Runs a job now, unless its time has been used already. @returns false then; undefined when there is none */
  run(name: string): Promise<boolean | undefined>;
};

/**
 * Answers `POST /api/cron-jobs/<name>`, for a clock outside that stands in for ours. It needs the bearer token of
 * CRON_JOB_TOKEN, and can do no more than what the clock would have done in that minute.
 * @throws AppError NOT_FOUND without a token in the configuration or for a job there is not, UNAUTHORIZED
 */
export async function answerCronJob(
  jobs: CronJobs,
  token: string | undefined,
  req: IncomingMessage,
  res: ServerResponse,
  name: string,
): Promise<void> {
  if (!token) throw new AppError('NOT_FOUND', 'Set CRON_JOB_TOKEN to run jobs from outside.');
  // Hashes are of one length, and comparing them says nothing about where the texts differ.
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(req.headers.authorization ?? ''), digest(`Bearer ${token}`))) {
    throw new AppError('UNAUTHORIZED', 'The bearer token is not that of this installation.');
  }
  if (req.method !== 'POST') throw new AppError('BAD_REQUEST', 'Run a job with POST.');
  const ran = await jobs.run(name);
  if (ran === undefined) throw new AppError('NOT_FOUND', `There is no job called ${name}.`);
  res.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  res.end(JSON.stringify({ job: name, ran }));
}
