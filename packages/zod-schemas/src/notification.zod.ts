import { z } from 'zod';
import { richId } from './rich_id';
import { timestampNumber } from './timestamp';

export const notificationId = richId('notification');
export type NotificationId = z.infer<typeof notificationId>;

/** What notifications there are, by the name of the workflow that delivers them. */
export const notificationWorkflow = z.enum([
  'assignment-created',
  'class-joined',
  'usage-near-limit',
  'roster-trouble',
]);
export type NotificationWorkflow = z.infer<typeof notificationWorkflow>;

/** `recorded`: no service is connected, so it was kept for administrators to read and goes nowhere. */
export const notificationStatus = z.enum(['waiting', 'recorded', 'sent', 'failed']);

/** A first page, the newest first, or the cursor of the next one. */
export const ListNotificationsInputZod = z.union([
  z.object({ cursor: z.string().max(2_000) }),
  z.object({ limit: z.int().min(1).max(100).default(50), status: notificationStatus.optional() }),
]);

export const NotificationZod = z.object({
  __type: z.literal('Notification'),
  notificationId,
  workflow: notificationWorkflow,
  person: z.string(),
  /** what the workflow's template fills in */
  data: z.record(z.string(), z.string()),
  status: notificationStatus,
  /** why the last attempt failed */
  failure: z.string().nullable(),
  sentAt: timestampNumber.nullable(),
  createdAt: timestampNumber,
});
export type Notification = z.infer<typeof NotificationZod>;

export const NotificationListZod = z.object({
  __type: z.literal('NotificationList'),
  items: z.array(NotificationZod),
  /** null: this was the last page */
  cursor: z.string().nullable(),
});
