const fenceLine = /^(\s*)(`{3,}|~{3,})(.*)$/;
const listLine = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;
/** A last line that may still grow into a list marker while text streams in. */
const listBud = /^ {0,3}\d{1,9}$/;
/** Link definitions and footnotes are found from anywhere in the text, so such a text stays whole. */
const definitionLine = /^ {0,3}\[[^\]\n]+\]:/m;
/** Raw HTML of the kinds that run on over blank lines. */
const openHtml = /^ {0,3}<(?:!--|\?|!\[CDATA\[|pre\b|script\b|style\b|textarea\b)/i;

/**
 * Cuts Markdown at blank lines into parts that mean the same alone as together, so that a growing answer
 * parses only its last part anew. Where a cut might change the meaning it does not cut: a part that is
 * longer than necessary costs a little time, a wrong cut would show wrong text.
 */
export function splitBlocks(text: string): string[] {
  if (definitionLine.test(text)) return [text];
  const lines = text.split('\n');
  const blocks: string[] = [];
  let block: string[] = [];
  let fence: string | null = null;
  let inMath = false;
  let inList = false;
  // For every line the next one that is not blank, found once: a text may be thousands of blank lines.
  const following = new Array<string | undefined>(lines.length);
  for (let at = lines.length - 1, next: string | undefined; at >= 0; at--) {
    following[at] = next;
    if (lines[at]?.trim() !== '') next = lines[at];
  }

  const close = () => {
    while (block.length > 0 && block.at(-1)?.trim() === '') block.pop();
    if (block.length > 0) blocks.push(block.join('\n'));
    block = [];
    inList = false;
  };

  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const blank = line.trim() === '';
    if (fence !== null) {
      const match = fenceLine.exec(line);
      const marks = match?.[2] ?? '';
      if (marks[0] === fence[0] && marks.length >= fence.length && match?.[3]?.trim() === '') fence = null;
      block.push(line);
      continue;
    }
    if (inMath) {
      if (line.trim().startsWith('$$') || line.trim().endsWith('$$')) inMath = false;
      block.push(line);
      continue;
    }
    if (blank && block.length > 0) {
      const next = following[at];
      // An indented line or another marker carries a list on, however many blank lines lie between.
      const goesOn =
        next === undefined ||
        /^(?: {2,}|\t)/.test(next) ||
        (inList && (listLine.test(next) || listBud.test(next)));
      if (goesOn) block.push(line);
      else close();
      continue;
    }
    if (blank) continue;
    if (block.length === 0) {
      if (openHtml.test(line)) {
        // What such HTML swallows ends who knows where: the rest is one part.
        blocks.push(lines.slice(at).join('\n'));
        return blocks;
      }
      inList = listLine.test(line);
    } else if (listLine.test(line)) {
      inList = true;
    }
    const match = fenceLine.exec(line.replace(listLine, ''));
    // A fence of backticks has none in its info string, else it is inline code.
    if (match?.[2] && !(match[2].startsWith('`') && match[3]?.includes('`'))) fence = match[2];
    else if (line.trim().startsWith('$$') && !line.trim().slice(2).includes('$$')) inMath = true;
    block.push(line);
  }
  close();
  return blocks;
}
