import './chat.css';
import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import { useLiveQuery } from 'dexie-react-hooks';
import { NotHere } from '../../components/NotHere';
import { useLocalDb } from '../../local_db/local_db_context';
import { useSyncStatus } from '../../sync/use_sync_status';
import { useMe } from '../auth/me_context';
import { ChatSkeleton } from './ChatSkeleton';
import { readTranscriptSetting } from './chat.queries';
import { TranscriptView } from './TranscriptView';

/** A session to read: for the teachers of its class, which is recorded, and for the pupil whose it is. */
export function TranscriptPage({ chatSessionId }: { chatSessionId: ChatSessionId }) {
  const db = useLocalDb();
  const { userId } = useMe();
  const { firstLoad, online } = useSyncStatus();
  const setting = useLiveQuery(() => readTranscriptSetting(db, chatSessionId), [db, chatSessionId]);
  // While another session is read, the query still answers for the one before: showing it would record it.
  const stale = setting && setting.session.chatSessionId !== chatSessionId;
  if (setting === undefined || stale || (setting === null && firstLoad && online)) return <ChatSkeleton />;
  if (setting === null) {
    return online ? (
      <NotHere back="/" backLabel="Back home" title="No such chat here">
        It was put away, it was deleted, or it belongs to a class you do not teach.
      </NotHere>
    ) : (
      <NotHere back="/" backLabel="Back home" title="This one is still asleep">
        This chat was never on this device. It loads by itself when you are back online.
      </NotHere>
    );
  }
  return (
    <TranscriptView db={db} key={chatSessionId} own={setting.session.userId === userId} setting={setting} />
  );
}
