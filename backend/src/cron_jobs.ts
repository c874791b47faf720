import type { Config } from './configs/config';
import type { CronJob } from './cron';
import type { Db } from './db/db';
import { orchidQuery } from './events/orchid_query';
import { sweepRecords } from './events/sweep_records';
import { sweepEndedSessions } from './modules/auth/services/sweep_ended_sessions.service';
import { sweepLinks } from './modules/auth/services/sweep_links.service';
import { endIdleSessions } from './modules/chat/services/end_session.service';
import { applyRetention } from './modules/privacy/services/apply_retention.service';
import type { RosterTools } from './modules/rosters/services/perform_roster_run.service';
import { reviewDueDates } from './modules/rosters/services/review_due_dates.service';
import { scheduleRosters } from './modules/rosters/services/schedule_rosters.service';
import { sweepRosterRecords } from './modules/rosters/services/sweep_roster_records.service';
import { sweepRosterRuns } from './modules/rosters/services/sweep_roster_runs.service';
import { tellOfRosterTrouble } from './modules/rosters/services/tell_of_roster_trouble.service';
import { watchRosterFolder } from './modules/rosters/services/watch_roster_folder.service';
import { sweepChunks, sweepForgottenRuns } from './modules/runs/services/sweep_runs.service';
import { purgeTombstones } from './modules/sync/services/purge_tombstones.service';
import { sweepUsage } from './modules/usage/services/settle_usage.service';
import type { Enqueue } from './procedures/context';

/** What is done by the clock, whichever process has the role. */
export function listCronJobs({
  config,
  systemDb,
  db,
  enqueue,
  rosterTools,
}: {
  config: Config;
  systemDb: Db;
  db: Db;
  /** with the system role's database */
  enqueue: Enqueue;
  rosterTools: RosterTools;
}): CronJob[] {
  const { databaseUrl, logger } = rosterTools;
  const watchJob = (folder: string): CronJob => ({
    name: 'watch_roster_folder',
    everySeconds: 60,
    run: () => watchRosterFolder(systemDb, databaseUrl, folder, logger),
  });
  return [
    {
      name: 'sweep_forgotten_runs',
      everySeconds: 10,
      run: () => sweepForgottenRuns(systemDb, enqueue),
    },
    { name: 'end_idle_sessions', everySeconds: 60, run: () => endIdleSessions(systemDb, db) },
    { name: 'sweep_usage', everySeconds: 60, run: () => sweepUsage(systemDb, db) },
    { name: 'sweep_chunks', everySeconds: 60, run: () => sweepChunks(systemDb) },
    { name: 'sweep_ended_sessions', everySeconds: 60, run: () => sweepEndedSessions(systemDb) },
    { name: 'purge_tombstones', everySeconds: 60, run: () => purgeTombstones(systemDb) },
    { name: 'sweep_links', everySeconds: 60, run: () => sweepLinks(systemDb) },
    { name: 'apply_retention', everySeconds: 60, run: () => applyRetention(systemDb) },
    { name: 'sweep_records', everySeconds: 60, run: () => sweepRecords(orchidQuery(systemDb)) },
    {
      name: 'schedule_rosters',
      everySeconds: 60,
      run: () => scheduleRosters(systemDb, enqueue, logger),
    },
    {
      name: 'tell_of_roster_trouble',
      everySeconds: 60,
      run: () => tellOfRosterTrouble(systemDb, enqueue),
    },
    { name: 'sweep_roster_records', everySeconds: 60, run: () => sweepRosterRecords(systemDb) },
    { name: 'sweep_roster_runs', everySeconds: 60, run: () => sweepRosterRuns(systemDb) },
    {
      name: 'review_roster_dates',
      everySeconds: 60,
      run: () => reviewDueDates(systemDb, databaseUrl, logger),
    },
    ...(config.ROSTER_WATCH_DIR === undefined ? [] : [watchJob(config.ROSTER_WATCH_DIR)]),
  ];
}
