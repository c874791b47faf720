/** Every migration in order; a test holds this list against the folder. Static, so that a bundle has them. */
export const migrations = {
  './migrations/0001_roles.ts': () => import('./migrations/0001_roles'),
  './migrations/0002_tables.ts': () => import('./migrations/0002_tables'),
  './migrations/0003_system_tenant.ts': () => import('./migrations/0003_system_tenant'),
  './migrations/0004_run_leases.ts': () => import('./migrations/0004_run_leases'),
  './migrations/0005_chat_actions.ts': () => import('./migrations/0005_chat_actions'),
  './migrations/0006_runs_pending_idx.ts': () => import('./migrations/0006_runs_pending_idx'),
  './migrations/0007_runs_by_time.ts': () => import('./migrations/0007_runs_by_time'),
  './migrations/0008_rate_limits.ts': () => import('./migrations/0008_rate_limits'),
  './migrations/0009_rosters.ts': () => import('./migrations/0009_rosters'),
  './migrations/0010_assignments_of_tool.ts': () => import('./migrations/0010_assignments_of_tool'),
  './migrations/0011_notifications.ts': () => import('./migrations/0011_notifications'),
  './migrations/0012_roster_runs.ts': () => import('./migrations/0012_roster_runs'),
  './migrations/0013_usage.ts': () => import('./migrations/0013_usage'),
  './migrations/0014_hooks.ts': () => import('./migrations/0014_hooks'),
  './migrations/0015_sync_marks.ts': () => import('./migrations/0015_sync_marks'),
  './migrations/0016_run_traceparent.ts': () => import('./migrations/0016_run_traceparent'),
};
