import type { RouterClient } from '@orpc/server';
import type { UserAppRouter } from '@raptscallions/backend/user_app';

/** Every procedure of the server, typed by its router; edits call theirs by name, through the outbox. */
export type AppClient = RouterClient<UserAppRouter>;
