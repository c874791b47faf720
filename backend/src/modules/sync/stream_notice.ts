import { runId } from '@raptscallions/zod-schemas/chat.zod';
import { userId } from '@raptscallions/zod-schemas/user.zod';
import { z } from 'zod';

/** The channel on which processes tell each other what concerns a stream, whichever of them holds it. */
export const streamChannel = 'rapt_streams';

/**
 * `ended`: a sign-in of this person (a uuid, as triggers know it) ended, or the person may no longer be signed
 * in. `watch`: which runs of others a stream shall carry; at most 200 of them fit the 8,000 bytes of a notification.
 */
const StreamNoticeZod = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ended'), userUuid: z.uuid(), reason: z.enum(['signed_out', 'suspended']) }),
  z.object({ kind: z.literal('watch'), userId, streamId: z.string(), runIds: z.array(runId) }),
]);
export type StreamNotice = z.infer<typeof StreamNoticeZod>;

/** Whoever may connect may notify, so a notice is read like any other input; undefined for what is none. */
export function readStreamNotice(payload: string | undefined): StreamNotice | undefined {
  try {
    return StreamNoticeZod.safeParse(JSON.parse(payload ?? '')).data;
  } catch {
    return undefined;
  }
}

/**
 * Triggers that tell of an end in the transaction that causes it, whoever does it and by whatever way. Sign-outs
 * and suspensions are rare, so the lock that a notification takes at the commit costs nothing here.
 */
export const streamNoticeSql = `
create or replace function sync.tell_sign_in_ended() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $body$
begin
  perform pg_catalog.pg_notify('${streamChannel}', pg_catalog.json_build_object(
    'kind', 'ended', 'userUuid', old.user_id,
    'reason', case when tg_table_name = 'users' then 'suspended' else 'signed_out' end)::text);
  return null;
end $body$;
create or replace trigger stream_sign_in_ended after delete on public.auth_sessions
  for each row execute function sync.tell_sign_in_ended();
create or replace trigger stream_sign_in_shortened after update of expires_at on public.auth_sessions
  for each row when (new.expires_at < old.expires_at) execute function sync.tell_sign_in_ended();
create or replace trigger stream_person_ended after update of status, deleted_at on public.users
  for each row when (new.status <> 'active' or new.deleted_at is not null)
  execute function sync.tell_sign_in_ended();
create or replace trigger stream_person_deleted after delete on public.users
  for each row execute function sync.tell_sign_in_ended();`;
