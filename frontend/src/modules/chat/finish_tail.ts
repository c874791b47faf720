import { findCode } from './find_code';

/** Half a link, or half an image, at the very end. */
const halfLink = /!?\[([^\][\n]{0,300})(?:\](?:\([^)\n]{0,2000})?)?$/;
/** Marks that may still open something; alone at the end they would flash as themselves. */
const bareMarks = /(^|[\s(])(?:\*{1,3}|_{1,3}|~{1,2}|`|\$)$/;

/**
 * Closes what the last part of a growing answer has opened, so that half a word in bold is bold at once and
 * half a formula is not shown as an error: open code and emphasis are closed, an open formula or link target
 * is held back until it is complete.
 */
export function finishTail(block: string): string {
  if (/^\s*(?:`{3,}|~{3,})/.test(block)) return block;
  let text = block.replace(bareMarks, '$1').replace(halfLink, '$1');
  if ((text.split('$$').length - 1) % 2 === 1) text = text.slice(0, text.lastIndexOf('$$')).trimEnd();
  for (const [opener, closer] of [
    ['\\[', '\\]'],
    ['\\(', '\\)'],
  ] as const) {
    const open = text.lastIndexOf(opener);
    if (open > text.lastIndexOf(closer)) text = text.slice(0, open).trimEnd();
  }
  const prose = withoutCode(text);
  const openCode = /`+(?=[^`]*$)/.exec(prose);
  if (openCode) return text + openCode[0];
  if ((prose.replace(/\\\$|\$\$/g, '').split('$').length - 1) % 2 === 1) {
    const open = text.lastIndexOf('$');
    // Money keeps its dollar; a formula waits for its end.
    if (!/^\$(?:\s|\d[\d.,]*(?:\s|$))/.test(text.slice(open))) text = text.slice(0, open);
  }
  for (const marks of ['**', '__', '~~']) {
    if ((prose.split(marks).length - 1) % 2 === 1) text = `${text.trimEnd()}${marks}`;
  }
  return text;
}

function withoutCode(text: string): string {
  let prose = '';
  let from = 0;
  for (const [start, end] of findCode(text)) {
    prose += text.slice(from, start);
    from = end;
  }
  return prose + text.slice(from);
}
