import { findStem } from './find_key_words';

/** What can be counted in a text somebody wrote. */
export type TextReview = {
  words: number;
  paragraphs: number;
  sentences: number;
  averageLength: number;
  longest: { words: number; beginning: string };
  /** the sentence that sounds most like what the text stands up for */
  thesis: string | null;
  /** reasons and things that can be checked: because, for example, numbers, quotations */
  evidence: number;
  linkingWords: number;
  /** a weighty word that comes back often */
  repeated: { word: string; times: number } | null;
};

const THESIS =
  /\b(should|must|ought|argue|believe|in my (view|opinion)|the main|therefore|shows? that|i think|because)\b/i;
const EVIDENCE =
  /\b(because|for (example|instance)|such as|according to|shows?|stud(y|ies)|survey|percent|source|since)\b|\d+|["“][^"”]{8,300}["”]/gi;
const LINKING =
  /\b(however|therefore|furthermore|moreover|although|on the other hand|firstly|secondly|finally|as a result|in addition|nevertheless|while|whereas)\b/gi;

/** A piece of the pupil's text that may stand inside our Markdown. */
function quote(text: string, words: number): string {
  const taken = text.trim().split(/\s+/);
  const safe = taken
    .slice(0, words)
    .join(' ')
    .replace(/[*_`$<>[\]|#\\~]/g, '');
  return `${safe}${taken.length > words ? ' …' : ''}`;
}

export function reviewText(text: string): TextReview {
  const sentences = text.match(/[^.!?\n]+[.!?]*/g)?.filter((each) => /\p{L}/u.test(each)) ?? [];
  const lengths = sentences.map((each) => each.trim().split(/\s+/).length);
  const words = lengths.reduce((sum, each) => sum + each, 0);
  const longest = lengths.indexOf(Math.max(...lengths));
  const counts = new Map<string, { word: string; times: number }>();
  for (const word of text.match(/\p{L}{5,}/gu) ?? []) {
    const stem = findStem(word);
    const count = counts.get(stem) ?? { word: word.toLowerCase(), times: 0 };
    counts.set(stem, { ...count, times: count.times + 1 });
  }
  const [most] = [...counts.values()].sort((one, other) => other.times - one.times);
  const thesis = sentences.find((each) => THESIS.test(each) && each.trim().split(/\s+/).length >= 6);
  return {
    words,
    paragraphs: text.split(/\n\s*\n/).filter((each) => each.trim()).length,
    sentences: sentences.length,
    averageLength: Math.round(words / Math.max(1, sentences.length)),
    longest: { words: lengths[longest] ?? 0, beginning: quote(sentences[longest] ?? '', 6) },
    thesis: thesis ? quote(thesis, 14) : null,
    evidence: text.match(EVIDENCE)?.length ?? 0,
    linkingWords: text.match(LINKING)?.length ?? 0,
    repeated: most && most.times >= Math.max(4, words / 40) ? most : null,
  };
}
