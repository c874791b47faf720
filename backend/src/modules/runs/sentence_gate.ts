import { findSentenceEnd } from './find_sentence_end';
import type { TextSink } from './text_release';

/** `soFar` is what was released before; after `final` nothing comes. */
export type AnswerPart = { text: string; soFar: string; final: boolean };

/**
 * Holds back what the model says until each sentence has been checked, in their order; only what a check has
 * passed goes on. Once one refuses, nothing more does.
 */
export class SentenceGate implements TextSink {
  /** what the model said, passed or not */
  raw = '';
  private waiting = '';
  private released = '';
  private refused = false;
  private checking: Promise<void> = Promise.resolve();

  /**
   * @param check gives the text as it may be shown, or null to refuse it
   * @param release takes what has passed
   * @param begun what stands before it, when an answer goes on
   */
  constructor(
    private readonly check: (part: AnswerPart) => Promise<string | null>,
    private readonly release: (text: string) => void,
    private readonly begun: string,
  ) {}

  get received(): boolean {
    return this.raw !== '';
  }

  push(piece: string): void {
    this.raw += piece;
    this.waiting += piece;
    const end = findSentenceEnd(this.waiting);
    if (end === 0) return;
    const sentence = this.waiting.slice(0, end);
    this.waiting = this.waiting.slice(end);
    this.pass(sentence, false);
  }

  /** The model has said all: what waits is checked as the last part. Resolves when everything has been. */
  async end(): Promise<void> {
    this.pass(this.waiting, true);
    await this.checking;
  }

  /** The model broke off: half a sentence is not shown. Resolves when the whole ones have been checked. */
  async breakOff(): Promise<void> {
    await this.checking;
  }

  private pass(text: string, final: boolean): void {
    this.checking = this.checking.then(async () => {
      if (this.refused) return;
      const passed = await this.check({ text, soFar: this.begun + this.released, final });
      if (passed === null) {
        this.refused = true;
        return;
      }
      this.released += passed;
      this.release(passed);
    });
  }
}
