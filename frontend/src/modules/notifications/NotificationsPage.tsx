import type { Notification } from '@raptscallions/zod-schemas/notification.zod';
import { api } from '../../api/client';
import { usePages } from '../../api/use_pages';
import { Button } from '../../components/Button';
import { Chip, type Tone } from '../../components/Chip';
import { type Column, DataTable } from '../../components/DataTable';
import { EmptyState } from '../../components/EmptyState';
import type { IconName } from '../../components/Icon';
import { PageHead } from '../../components/PageHead';
import { SkeletonTable } from '../../components/Skeleton';
import { TimeAgo } from '../../components/TimeAgo';
import { describeNotification } from './describe_notification';

const states: Record<Notification['status'], { word: string; icon: IconName; tone?: Tone }> = {
  waiting: { word: 'Being sent', icon: 'clock', tone: 'wait' },
  recorded: { word: 'Kept here', icon: 'archive' },
  sent: { word: 'Sent', icon: 'send' },
  failed: { word: 'Refused', icon: 'warn', tone: 'alert' },
};

/** What staff were told of, or would have been, had this school connected a service that delivers it. */
export function NotificationsPage() {
  const { state, reload } = usePages(api.notifications.list, {});
  const kept = state.name === 'loaded' && state.items.some(({ status }) => status === 'recorded');
  return (
    <main className="main" id="main">
      <PageHead
        actions={
          <Button icon="refresh" onClick={reload}>
            Refresh
          </Button>
        }
        title="Notifications"
      >
        What the staff you look after were told of by mail or message.
      </PageHead>
      {kept && (
        <p className="banner">
          <span>
            <b>Nothing is sent:</b> no service for notifications is connected. What would have gone out is
            kept here; your installation’s administrator connects one by setting SUPRSEND_API_KEY.
          </span>
        </p>
      )}
      {state.name === 'loading' && <SkeletonTable label="The notifications are being fetched" />}
      {state.name === 'failed' && (
        <EmptyState action={<Button onClick={reload}>Try again</Button>} level={2} title="Not loaded">
          This list is kept on the server, which cannot be reached right now.
        </EmptyState>
      )}
      {state.name === 'loaded' && state.items.length === 0 && (
        <EmptyState level={2} title="No notifications">
          Nothing has happened yet that anybody had to be told of, such as a task a colleague gave to a shared
          class.
        </EmptyState>
      )}
      {state.name === 'loaded' && state.items.length > 0 && (
        <>
          <DataTable
            columns={columns}
            label="Notifications"
            rowKey={({ notificationId }) => notificationId}
            rows={state.items}
          />
          {state.loadMore && (
            <p className="load-more">
              <Button onClick={state.loadMore}>Load older ones</Button>
            </p>
          )}
        </>
      )}
    </main>
  );
}

const columns: Column<Notification>[] = [
  { key: 'person', head: 'Person', cell: ({ person }) => person },
  { key: 'what', head: 'Told', cell: describeNotification },
  {
    key: 'state',
    head: 'State',
    cell: ({ status, failure }) => (
      <>
        <Chip icon={states[status].icon} tone={states[status].tone}>
          {states[status].word}
        </Chip>
        {failure && <span className="small muted"> {failure}</span>}
      </>
    ),
  },
  { key: 'when', head: 'When', cell: ({ createdAt }) => <TimeAgo ms={createdAt} /> },
];
