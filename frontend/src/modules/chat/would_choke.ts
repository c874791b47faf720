/** A thousand characters without a space: some of the parser's steps take the square of such a run. */
const endlessWord = /[\x21-\x7e]{1000}/;
/** Lists in lists in quotes, so deep that building the tree alone takes seconds. */
const endlessNesting = /^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|>[ \t]*){40}/m;
const fenced = /^\s*(?:`{3}|~{3})/;

/** Whether a part of a text is made so that parsing it as Markdown would hold up the page. Code may be long. */
export function wouldChoke(block: string): boolean {
  return !fenced.test(block) && (endlessWord.test(block) || endlessNesting.test(block));
}
