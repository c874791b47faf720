/** What a queue has done since its start, for the health page and the metrics. */
export interface QueueStats {
  /** claim statements, those that found nothing included */
  claims: number;
  /** attempts started or about to start */
  claimed: number;
  completed: number;
  failed: number;
  /** results that came too late and changed nothing */
  fenced: number;
  /** tasks taken from dead workers */
  reaped: number;
  /** statements that had to be repeated because the database was out of reach */
  repeated: number;
}

export function createQueueStats(): QueueStats {
  return { claims: 0, claimed: 0, completed: 0, failed: 0, fenced: 0, reaped: 0, repeated: 0 };
}
