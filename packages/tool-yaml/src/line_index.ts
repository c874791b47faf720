import type { Finding, ToolProblem } from './tool_problem';

/** Turns offsets of one text into lines and columns; CRLF, LF and a lone CR each end a line, as in YAML. */
export class LineIndex {
  private readonly starts: number[] = [0];

  constructor(private readonly text: string) {
    for (const found of text.matchAll(/\r\n?|\n/g)) this.starts.push(found.index + found[0].length);
  }

  /** @returns the line of an offset, counted from 1 */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  startOf(line: number): number {
    return this.starts[line - 1] ?? this.text.length;
  }

  /** @returns the text of a line without its line break */
  textOf(line: number): string {
    return this.text.slice(this.startOf(line), this.startOf(line + 1)).replace(/[\r\n]+$/, '');
  }

  /** @param finding whose offsets are kept within the text, and which is at least one character wide */
  problemOf(finding: Finding): ToolProblem {
    const from = Math.max(0, Math.min(finding.from, this.text.length));
    const to = Math.max(from, Math.min(finding.to, this.text.length));
    const line = this.lineOf(from);
    const endLine = this.lineOf(to);
    return {
      severity: finding.severity ?? 'error',
      line,
      column: from - this.startOf(line) + 1,
      endLine,
      endColumn: to - this.startOf(endLine) + 1,
      path: [...(finding.path ?? [])],
      code: finding.code,
      message: finding.message,
      ...(finding.fix && { fix: finding.fix }),
    };
  }
}
