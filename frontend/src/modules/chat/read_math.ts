import { findCode } from './find_code';

/**
 * Brings the ways in which models and pupils write formulas to the one the parser knows: `\(x\)` becomes
 * `$x$`, and `\[x\]` and a `$$x$$` alone on its lines become a display. A dollar that is money ("$5 and $6")
 * is escaped: an opening one has no space behind it, a closing one no space before it and no digit behind.
 * Code is left alone.
 */
export function normalizeMath(text: string): string {
  if (!text.includes('$') && !text.includes('\\(') && !text.includes('\\[')) return text;
  let result = '';
  let from = 0;
  for (const [start, end] of findCode(text)) {
    result += normalizeProse(text.slice(from, start)) + text.slice(start, end);
    from = end;
  }
  return result + normalizeProse(text.slice(from));
}

function normalizeProse(text: string): string {
  let result = '';
  let at = 0;
  while (at < text.length) {
    const two = text.slice(at, at + 2);
    const closer = two === '\\[' ? '\\]' : two === '\\(' ? '\\)' : two === '$$' ? '$$' : null;
    if (closer) {
      const end = text.indexOf(closer, at + 2);
      // Still open: the rest is a formula on its way.
      const stop = end === -1 ? text.length : end;
      const formula = text.slice(at + 2, stop);
      if (end === -1) result += two === '$$' ? two + formula : text.slice(at);
      else result += two === '\\(' ? `$${formula.trim()}$` : display(text, at, end + 2, formula);
      at = stop + 2;
    } else if (two[0] === '\\') {
      result += two;
      at += 2;
    } else if (two[0] === '$') {
      const end = closingDollar(text, at);
      result += end === -1 ? '\\$' : text.slice(at, end + 1);
      at = end === -1 ? at + 1 : end + 1;
    } else {
      result += two[0] ?? '';
      at += 1;
    }
  }
  return result;
}

/** Only a formula whose dollars stand on lines of their own is set as a block. */
function display(text: string, start: number, end: number, formula: string): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const before = text.slice(lineStart, start);
  const lineEnd = text.indexOf('\n', end);
  const after = text.slice(end, lineEnd === -1 ? text.length : lineEnd);
  if (before.trim() !== '' || after.trim() !== '') return `$$${formula.replaceAll('\n', ' ').trim()}$$`;
  const body = formula.trim().replaceAll('\n', `\n${before}`);
  return `$$\n${before}${body}\n${before}$$`;
}

/** Where the formula opened by the dollar at `open` closes, or -1 when that dollar is money. */
function closingDollar(text: string, open: number): number {
  if (/\s/.test(text[open + 1] ?? ' ')) return -1;
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '\n' && text[at + 1] === '\n') return -1;
    else if (text[at] === '$') {
      return /\s/.test(text[at - 1] ?? '') || /\d/.test(text[at + 1] ?? '') ? -1 : at;
    }
  }
  return -1;
}

/** Whether a formula is there, in text that {@link normalizeMath} went over: if none is, KaTeX stays unloaded. */
export function hasMath(text: string): boolean {
  return /(^|[^\\])\$/.test(text) || /^\s*(`{3,}|~{3,})\s*math\b/m.test(text);
}
