import type { Bus } from 'pg-tbus';
import type { TaskId } from './define_task';

export interface TaskContext<Input> {
  input: Input;
  taskId: TaskId;
  /** from 1; rises with every start of the task, also when a stopping worker handed it over */
  attempt: number;
  /** the attempt after which a failure is final */
  maxAttempts: number;
  /** aborted when the task is cancelled, its deadline is over, the worker stops or has lost the task */
  signal: AbortSignal;
  /** W3C Trace Context of whoever sent the task */
  traceparent: string | undefined;
}

/**
 * Does the work of one attempt. The object it returns is stored as the task's output. A task may start twice
 * (a worker dies after the work and before the record of it), so every handler is idempotent by a key in its
 * input.
 * @throws anything to have it retried; PermanentTaskError to have it dead-lettered at once
 */
export type TaskHandler<Input> = (context: TaskContext<Input>) => Promise<object> | Promise<void>;

/** A task or an event together with what handles it, as `onTask` and `onEvent` make them. */
export interface Subscription {
  name: string;
  queue: string;
  deadlineSeconds: number;
  /** Checks the stored payload and calls the handler. */
  handle(context: TaskContext<unknown>): Promise<object | undefined>;
  /** Tells pg-tbus; `run` is called with each envelope it dispatches. */
  register(bus: Bus, run: (envelope: object) => Promise<void>): void;
}
