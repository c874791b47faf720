/** Thrown by a handler whose task cannot succeed however often it is tried: it goes to the dead letters. */
export class PermanentTaskError extends Error {
  override name = 'PermanentTaskError';

  /** @param code short, machine-readable; stands in the task log */
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
