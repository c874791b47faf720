import type { Notification } from '@raptscallions/zod-schemas/notification.zod';
import { api } from '../../api/client';
import { usePages } from '../../api/use_pages';
import { Button } from '../../components/Button';
import { Chip, type Tone } from '../../components/Chip';
import type { Column } from '../../components/DataTable';
import type { IconName } from '../../components/Icon';
import { PagedTable } from '../../components/PagedTable';
import { PageHead } from '../../components/PageHead';
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
  const pages = usePages(api.notifications.list, {});
  const kept = pages.state.name === 'loaded' && pages.state.items.some(({ status }) => status === 'recorded');
  return (
    <main className="main" id="main">
      <PageHead
        actions={
          <Button icon="refresh" onClick={pages.reload}>
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
      <PagedTable
        empty={{
          title: 'No notifications',
          words:
            'Nothing has happened yet that anybody had to be told of, such as a task a colleague gave to a shared class.',
        }}
        fetching="The notifications are being fetched"
        pages={pages}
        columns={columns}
        label="Notifications"
        rowKey={({ notificationId }) => notificationId}
      />
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
