import {
  ListRosterDiffsInputZod,
  ListRosterIssuesInputZod,
  ListRosterRunsInputZod,
  ListRosterSourcesInputZod,
  RosterConnectionTestZod,
  RosterDecideInputZod,
  RosterDiffListZod,
  RosterFetchInputZod,
  RosterIssueFileZod,
  RosterIssueListZod,
  RosterReadInputZod,
  RosterRunInputZod,
  RosterRunListZod,
  RosterRunZod,
  RosterSchoolsZod,
  RosterSourceCreateInputZod,
  RosterSourceInputZod,
  RosterSourceListZod,
  RosterSourceUpdateInputZod,
  RosterUploadInputZod,
} from '@raptscallions/zod-schemas/roster.zod';
import { done } from '../../procedures/done';
import {
  rpcReadProcedure,
  rpcSensitiveTenantProcedure,
  rpcTenantProcedure,
} from '../../procedures/procedures';
import { askRosterDecision } from './services/ask_roster_decision.service';
import { startRosterFetch, testRosterConnection } from './services/fetch_roster.service';
import { listRosterRuns, readRosterRun } from './services/list_roster_runs.service';
import { listRosterSources } from './services/list_roster_sources.service';
import { listRosterDiffs, readRosterSchools } from './services/read_roster_diffs.service';
import { exportRosterIssues, listRosterIssues } from './services/read_roster_issues.service';
import { createRosterSource, updateRosterSource } from './services/save_roster_source.service';
import { readRosterUpload, startRosterUpload } from './services/upload_roster.service';

/**
 * For administrators; the parts of an uploaded file come by `rosters.stream.ts`. What a file or a school system says
 * is only ever shown by them: whoever applies it changes who gets in, and has signed in a moment ago.
 */
export const rostersRouter = {
  listSources: rpcReadProcedure
    .input(ListRosterSourcesInputZod)
    .output(RosterSourceListZod)
    .handler(({ context, input }) => listRosterSources(context.tenant, input)),
  createSource: done(rpcSensitiveTenantProcedure, RosterSourceCreateInputZod, createRosterSource),
  updateSource: done(rpcSensitiveTenantProcedure, RosterSourceUpdateInputZod, updateRosterSource),
  startUpload: done(rpcTenantProcedure, RosterUploadInputZod, startRosterUpload),
  readUpload: done(rpcTenantProcedure, RosterReadInputZod, readRosterUpload),
  fetch: done(rpcTenantProcedure, RosterFetchInputZod, startRosterFetch),
  testConnection: rpcReadProcedure
    .input(RosterSourceInputZod)
    .output(RosterConnectionTestZod)
    .handler(({ context, input }) => testRosterConnection(context.tenant, input.rosterSourceId)),
  decide: done(rpcSensitiveTenantProcedure, RosterDecideInputZod, askRosterDecision),
  listRuns: rpcReadProcedure
    .input(ListRosterRunsInputZod)
    .output(RosterRunListZod)
    .handler(({ context, input }) => listRosterRuns(context.tenant, input)),
  readRun: rpcReadProcedure
    .input(RosterRunInputZod)
    .output(RosterRunZod)
    .handler(({ context, input }) => readRosterRun(context.tenant, input.rosterRunId)),
  listDiffs: rpcReadProcedure
    .input(ListRosterDiffsInputZod)
    .output(RosterDiffListZod)
    .handler(({ context, input }) => listRosterDiffs(context.tenant, input)),
  readSchools: rpcReadProcedure
    .input(RosterRunInputZod)
    .output(RosterSchoolsZod)
    .handler(({ context, input }) => readRosterSchools(context.tenant, input.rosterRunId)),
  listIssues: rpcReadProcedure
    .input(ListRosterIssuesInputZod)
    .output(RosterIssueListZod)
    .handler(({ context, input }) => listRosterIssues(context.tenant, input)),
  exportIssues: rpcReadProcedure
    .input(RosterRunInputZod)
    .output(RosterIssueFileZod)
    .handler(({ context, input }) => exportRosterIssues(context.tenant, input.rosterRunId)),
};
