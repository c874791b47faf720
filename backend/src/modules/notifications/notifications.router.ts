import { ListNotificationsInputZod, NotificationListZod } from '@raptscallions/zod-schemas/notification.zod';
import { rpcReadProcedure } from '../../procedures/procedures';
import { listNotifications } from './services/list_notifications.service';

export const notificationsRouter = {
  /** for administrators; anybody else gets an empty list */
  list: rpcReadProcedure
    .input(ListNotificationsInputZod)
    .output(NotificationListZod)
    .handler(({ context, input }) => listNotifications(context.tenant, input)),
};
