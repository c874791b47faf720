import type { Client } from '@orpc/client';
import type { ChatStopInputZod } from '@raptscallions/zod-schemas/chat.zod';
import type { DoneZod, MePrivateZod, SignInPagePublicZod } from '@raptscallions/zod-schemas/me.zod';
import type {
  StreamWatchInputZod,
  StreamWatchZod,
  SyncFrame,
  SyncPageZod,
  SyncPullInputZod,
  SyncPushInputZod,
  SyncPushZod,
  SyncStreamInputZod,
} from '@raptscallions/zod-schemas/sync.zod';
import type { z } from 'zod';

type Call<I, O> = Client<Record<never, never>, I, O, Error>;
type Shaped<I extends z.ZodType, O extends z.ZodType> = Call<z.input<I>, z.output<O>>;

/** The procedures a browser calls itself; every other write goes through the outbox by its name. */
export type AppClient = {
  me: Call<undefined, z.output<typeof MePrivateZod>>;
  signInPage: Call<undefined, z.output<typeof SignInPagePublicZod>>;
  chat: { stop: Shaped<typeof ChatStopInputZod, typeof DoneZod> };
  sync: {
    pull: Shaped<typeof SyncPullInputZod, typeof SyncPageZod>;
    push: Shaped<typeof SyncPushInputZod, typeof SyncPushZod>;
    watch: Shaped<typeof StreamWatchInputZod, typeof StreamWatchZod>;
    stream: Call<z.input<typeof SyncStreamInputZod>, AsyncIteratorObject<SyncFrame, unknown, void>>;
  };
};
