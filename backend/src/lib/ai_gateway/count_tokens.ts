import { countTokens as countPiece } from 'gpt-tokenizer/encoding/o200k_base';

/** A run of one letter costs the tokenizer the square of its length, and a pupil may well send one. */
const longestPiece = 2_000;
const plainText = { disallowedSpecial: new Set<string>() };

/**
 * How many tokens a text is, by the vocabulary of the GPT-4o family. Other models count a little differently,
 * so a budget needs some air. Words that look like control tokens count as the text they are.
 */
export function countTokens(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += longestPiece) {
    count += countPiece(text.slice(at, at + longestPiece), plainText);
  }
  return count;
}
