/**
 * Repeats `work`, `ms` after it ended the last time, until the returned function is called. That resolves when
 * a run under way has ended.
 */
export function runEvery(
  ms: number,
  work: () => Promise<void>,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let stopped = false;
  let running = Promise.resolve();
  let timer = setTimeout(run, ms);

  function run(): void {
    running = work()
      .catch(onError)
      .then(() => {
        if (!stopped) timer = setTimeout(run, ms);
      });
  }

  return () => {
    stopped = true;
    clearTimeout(timer);
    return running;
  };
}
