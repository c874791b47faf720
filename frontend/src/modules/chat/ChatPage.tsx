import './chat.css';
import type { AssignmentId } from '@raptscallions/zod-schemas/assignment.zod';
import { Navigate } from '@tanstack/react-router';
import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo } from 'react';
import { NotHere } from '../../components/NotHere';
import { useLocalDb } from '../../local_db/local_db_context';
import { useSyncStatus } from '../../sync/use_sync_status';
import { useMe } from '../auth/me_context';
import { ChatSkeleton } from './ChatSkeleton';
import { ChatView } from './ChatView';
import { type ChatTopic, readSetting, type ToolVersionId } from './chat.queries';

/** A pupil's chat on an assignment, or an author's trial of a tool version. */
export function ChatPage({
  assignmentId,
  toolVersionId,
}: {
  assignmentId?: AssignmentId;
  toolVersionId?: ToolVersionId;
}) {
  const db = useLocalDb();
  const { userId } = useMe();
  const { firstLoad, online } = useSyncStatus();
  const topic = useMemo<ChatTopic | null>(
    () => (assignmentId ? { assignmentId } : toolVersionId ? { toolVersionId } : null),
    [assignmentId, toolVersionId],
  );
  const setting = useLiveQuery(() => (topic ? readSetting(db, topic, userId) : null), [db, topic, userId]);
  // While another topic is read, the query still answers for the one before.
  const stale =
    setting &&
    (assignmentId
      ? setting.assignment?.assignmentId !== assignmentId
      : setting.assignment !== null || setting.toolVersion.toolVersionId !== toolVersionId);
  if (setting === undefined || stale || (setting === null && firstLoad && online)) return <ChatSkeleton />;
  if (setting === null) {
    return online ? (
      <NotHere back="/" backLabel="Back to my work" title="This one has left the field">
        It was taken back, or it belongs to a class that is not yours.
      </NotHere>
    ) : (
      <NotHere back="/" backLabel="Back to my work" title="This one is still asleep">
        This chat was never on this device. It loads by itself when you are back online.
      </NotHere>
    );
  }
  // Lists lead to an assignment without asking what its tool is.
  if (setting.toolVersion.kind === 'product') {
    return assignmentId ? (
      <Navigate params={{ assignmentId }} replace to="/forms/$assignmentId" />
    ) : (
      <Navigate params={setting.toolVersion} replace to="/try-form/$toolVersionId" />
    );
  }
  const key = assignmentId ?? toolVersionId ?? '';
  return <ChatView db={db} draftKey={`chat:${key}`} key={key} setting={setting} />;
}
