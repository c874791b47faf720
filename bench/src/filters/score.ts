/** How a filter did on labelled text. */
export class Score {
  private found = 0;
  private right = 0;
  private wanted = 0;
  private met = 0;
  private clean = 0;
  private alarms = 0;

  /** @param hit whether it said so, @param is whether it is so */
  judge(hit: boolean, is: boolean): void {
    this.count({ found: hit ? 1 : 0, right: hit && is ? 1 : 0, wanted: is ? 1 : 0, met: hit && is ? 1 : 0 });
    if (!is) this.judgeClean(hit);
  }

  count({ found, right, wanted, met }: { found: number; right: number; wanted: number; met: number }): void {
    this.found += found;
    this.right += right;
    this.wanted += wanted;
    this.met += met;
  }

  /** A text in which there is nothing to find. */
  judgeClean(hit: boolean): void {
    this.clean++;
    if (hit) this.alarms++;
  }

  get precision(): number {
    return this.found === 0 ? 1 : this.right / this.found;
  }

  get recall(): number {
    return this.wanted === 0 ? 1 : this.met / this.wanted;
  }

  /** The harmonic mean of the two. */
  get f1(): number {
    const { precision, recall } = this;
    return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  }

  get falsePositives(): number {
    return this.clean === 0 ? 0 : this.alarms / this.clean;
  }
}
