/** The end of a sentence: its mark with what closes around it, and the space after it; or the end of a line. */
const ends = /[.!?…]+["'”’»)\]*_`]*\s+|[。！？]+["”’』」）]*|\n+/gu;
/** A dot that ends no sentence: an initial, a title, the number of a step. */
const abbreviated = /(?:^|[\s("'“])(?:\p{Lu}|Mr|Mrs|Ms|Dr|Prof|St|No|Nr|vs|cf|e\.g|i\.e|\d{1,3})\.\s+$/u;
/** Characters. A sentence that is longer is let go at its last space. */
const longestSentence = 1_000;

/** @returns how much of the text is whole sentences, up to the last of them; 0 for none */
export function findSentenceEnd(text: string): number {
  let end = 0;
  for (const match of text.matchAll(ends)) {
    const after = match.index + match[0].length;
    const isLine = match[0].includes('\n');
    if (isLine || !abbreviated.test(text.slice(Math.max(0, after - 12), after))) end = after;
  }
  if (end > 0 || text.length < longestSentence) return end;
  return text.lastIndexOf(' ') + 1 || text.length;
}
