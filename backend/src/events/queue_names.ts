/** The schema pg-tbus keeps its tables in. One for all: tasks are sent by code that knows no configuration. */
export const queueSchema = 'tbus';

/** What workers listen to. */
export const channels = {
  /** `<sender> <queue>`: there is something to claim; the sender has told its own queues already */
  wake: 'tbus_wake',
  /** an event was published */
  event: 'tbus_event',
  /** a task's uuid: whoever runs it is to abort */
  cancel: 'tbus_cancel',
} as const;

/** First half of the advisory locks by which workers show that they live; the second is drawn by each. */
export const livenessLockClass = 7_263;

/** Held while our additions to the schema are made. */
export const installLock = 7_263_001;

/** pg-tbus's numbers for what has become of a task. */
export const taskState = {
  created: 0,
  retry: 1,
  active: 2,
  completed: 3,
  expired: 4,
  cancelled: 5,
  failed: 6,
} as const;
