/** All in milliseconds. */
export type AnswerTimes = {
  /** from sending the question to reading the first word */
  first: number;
  /** from sending the question to the gateway's first word, less what the gateway takes for it */
  toGateway: number;
  /** from the gateway's writing to our reading, of the first word */
  firstBack: number;
  /** the same of every later word */
  later: number[];
};

const gatewayTakesMs = 300;

/** What a reader's clock and the moments written into the words say. */
export class AnswerWatch {
  private text = '';
  private first: { readAt: number; writtenAt: number } | undefined;
  private readonly later: number[] = [];

  constructor(private readonly askedAt: number) {}

  read(piece: string, readAt: number): void {
    this.text += piece;
    const words = this.text.split(' ');
    this.text = words.pop() ?? '';
    for (const word of words) {
      const writtenAt = Number(word);
      if (this.first) this.later.push(readAt - writtenAt);
      else this.first = { readAt, writtenAt };
    }
  }

  get words(): number {
    return this.later.length + (this.first ? 1 : 0);
  }

  times(): AnswerTimes {
    if (!this.first) throw new Error('an answer without a word');
    const { readAt, writtenAt } = this.first;
    return {
      first: readAt - this.askedAt,
      toGateway: writtenAt - this.askedAt - gatewayTakesMs,
      firstBack: readAt - writtenAt,
      later: this.later,
    };
  }
}
