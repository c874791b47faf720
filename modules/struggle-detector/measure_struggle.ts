/** Signs of being stuck, with what each is worth. */
const signs: [pattern: RegExp, worth: number][] = [
  [
    /\b(?:i|we) (?:still |really |just |honestly )*(?:don'?t|do not|cannot|can'?t|didn'?t) (?:really |even |quite )?(?:understand|get (?:it|this|that|any|how|why|what)|see (?:how|why|it)|follow|figure|know (?:how|what to|where to|why))/i,
    2,
  ],
  [
    /\bi(?:'m| am|m) (?:\w+ )?(?:\w+ )?(?:lost|stuck|confused|struggling|not getting (?:it|this|anywhere))\b/i,
    2,
  ],
  [
    /\b(?:makes?|making) no sense\b|\bdoes ?n[o']?t make (?:any )?sense\b|\b(?:so|too|really|way too|very) (?:hard|difficult|confusing|complicated)\b/i,
    2,
  ],
  [
    /\bi (?:give|gave) up\b|\bi(?:'m| am) (?:so )?(?:stupid|dumb|bad at|terrible at|done with)\b|\bi(?:'ll| will) never (?:get|understand|learn|be able)\b|\bi (?:can'?t|cannot) do (?:this|it|any)\b|\bwhat'?s the point\b/i,
    3,
  ],
  [
    /\bi hate (?:this|maths?|school|it|science|reading|writing|fractions|algebra)\b|\bthis (?:sucks|is (?:stupid|pointless|impossible|so annoying))\b|\bugh+\b|\baargh+\b/i,
    2,
  ],
  [
    /\b(?:just|please just|can you just) (?:tell|give|show) (?:me|us) (?:the )?(?:answers?|solution|result)\b|\bwhat(?:'s| is) the answer\b/i,
    1.5,
  ],
  [/\b(?:idk|i dunno|dunno|no idea|no clue|not sure|i(?:'m| am) not sure|i guess\??$|i have no)\b/i, 1],
  [/\b(?:huh|what)\s*\?+\s*$|\?{2,}|\bwait,? what\b|\bwhat do you mean\b/i, 1],
  [
    /\b(?:i )?(?:already )?(?:tried|did) (?:that|it|this|everything)(?: already| again)?\b.{0,40}\b(?:wrong|not work|didn'?t work|doesn'?t work|still|nothing)\b|\b(?:still|keep getting it|got it) wrong\b|\bnot again\b/i,
    2,
  ],
  [
    /\bhelp\b(?! (?:my|your|him|her|them|us understand))[!. ]*$|\bi need (?:some )?help\b|\bplease help\b/i,
    1.5,
  ],
];
const longestWorth = 4;
/** What was said before weighs less, the further back the less. */
const fading = [1, 0.6, 0.4, 0.25];

function words(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\d]+/gu) ?? []);
}

function isRepeated(text: string, before: string[]): boolean {
  const mine = words(text);
  if (mine.size < 3) return false;
  return before.some((other) => {
    const theirs = words(other);
    const common = [...mine].filter((word) => theirs.has(word)).length;
    return common / (mine.size + theirs.size - common) > 0.75;
  });
}

function worthOf(text: string, before: string[]): number {
  const found = signs.reduce((sum, [pattern, worth]) => sum + (pattern.test(text) ? worth : 0), 0);
  // The same again: the answer did not help.
  return Math.min(longestWorth, found + (isRepeated(text, before) ? 1.5 : 0));
}

/** @param said what the pupil wrote, the oldest first; the last is the one in question */
export function measureStruggle(said: string[]): number {
  return fading.reduce((sum, weight, back) => {
    const at = said.length - 1 - back;
    const text = said[at];
    return text === undefined ? sum : sum + weight * worthOf(text, said.slice(Math.max(0, at - 4), at));
  }, 0);
}

export const thresholds = { low: 3.5, normal: 2, high: 1.4 } as const;

/** Whether a pupil has come to be stuck with the last thing they said: once, not with everything after it. */
export function becomesStuck(said: string[], sensitivity: keyof typeof thresholds): boolean {
  const threshold = thresholds[sensitivity];
  const last = said.at(-1);
  if (last === undefined || worthOf(last, said.slice(-5, -1)) === 0) return false;
  return measureStruggle(said) >= threshold && measureStruggle(said.slice(0, -1)) < threshold;
}
