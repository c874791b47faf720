import { AppError } from '../../lib/app_error';
import { Batcher } from '../../lib/batcher';
import type { RunReader, RunState } from './services/look_at_runs.service';

/** The end of a run is a row, which nobody announces here: it is looked at this often. */
const lookMs = 250;
/** Of one person in this process. Nobody reads more answers at once as they grow. */
const mostOfPerson = 20;

type Watch = RunReader & { tell: (state: RunState) => void; fail: (error: unknown) => void };

/**
 * Looks how far runs are, and whether those who watch them still may: one statement for all that are watched in this
 * process, at once for whoever comes and then four times a second.
 */
export class RunLooks {
  private readonly watches = new Set<Watch>();
  private readonly batcher: Batcher<Watch, RunState>;
  private timer: NodeJS.Timeout | undefined;

  /** @param look answers for all of them; whoever it leaves out may not read the run, or there is none */
  constructor(look: (watches: Watch[]) => Promise<ReadonlyMap<Watch, RunState>>) {
    this.batcher = new Batcher(look);
  }

  /**
   * @param tell of each look, the first included
   * @returns what ends it
   * @throws AppError RATE_LIMIT_EXCEEDED for whoever watches too many
   */
  watch(reader: RunReader, tell: Watch['tell'], fail: Watch['fail']): () => void {
    const own = [...this.watches].filter(({ userId }) => userId === reader.userId).length;
    if (own >= mostOfPerson) {
      throw new AppError(
        'RATE_LIMIT_EXCEEDED',
        `You are watching ${mostOfPerson} answers as they grow. Close one before you open another.`,
      );
    }
    const watch = { ...reader, tell, fail };
    this.watches.add(watch);
    this.ask(watch);
    this.timer ??= setInterval(() => {
      for (const each of this.watches) this.ask(each);
    }, lookMs);
    return () => {
      this.watches.delete(watch);
      if (this.watches.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }

  private ask(watch: Watch): void {
    this.batcher.get(watch).then((state) => watch.tell(state ?? 'hidden'), watch.fail);
  }
}
