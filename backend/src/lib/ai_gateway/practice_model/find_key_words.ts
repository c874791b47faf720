const STOP_WORDS = new Set(
  `a about actually after again all already also although always am an and another answer any anyone anything are
  aren't around as ask asked at back be because been before being better between both but by bye came can can't cannot
  class come could couldn't did didn't different do does doesn't doing don't done each either else enough even ever
  every everything example explain few find first for from gave get gets give given go goes going good got guess had
  happen happens has have haven't having he hello help her here hey hi him his homework how however i i'd i'll i'm
  i've idea if in into is isn't it it's its just kind know last least less let let's like little look lot made
  make makes many maybe me mean means might more most much must my need needs never new next nice no not nothing
  now of off ok okay on once one only or other our out over own part people perhaps please probably put question
  quite rather read really right said same say says see she should show since so some someone something sort
  sorry still stuff such sure take talk tell than thank thanks that that's the their them then there there's
  these they they're thing things think this those though thought through time to today together told too try
  two under until up us use used using very want wants was wasn't way ways we we're well went were what what's
  when where which while who whom whose why will with without won't word words work would wouldn't wrong yeah yep
  yes yet you you're your yours difference between understand solve calculate stuck lost confused yesterday tomorrow grade school great cool nice
  interesting everybody nobody somebody decided agreed important number numbers write wrote learn teach topic`.split(
    /\s+/,
  ),
);

const WORD = /\p{L}[\p{L}\p{M}'’-]*/gu;

/** One spelling for a word's forms, as far as comparing needs it. */
export function findStem(word: string): string {
  const lower = word.toLowerCase().replace(/[’']s?$/, '');
  if (lower.length > 5 && lower.endsWith('ies')) return `${lower.slice(0, -3)}y`;
  if (lower.length > 4 && /(ches|shes|xes|sses)$/.test(lower)) return lower.slice(0, -2);
  if (lower.length > 3 && lower.endsWith('s') && !/(ss|us|is)$/.test(lower)) return lower.slice(0, -1);
  return lower;
}

/** The stems of the words that carry meaning. */
export function findStems(text: string): Set<string> {
  const words = text.match(WORD) ?? [];
  return new Set(
    words
      .filter((word) => word.length > 2 && !STOP_WORDS.has(word.toLowerCase()))
      .map((word) => findStem(word)),
  );
}

/** Equal stems, or words of one family such as `fraction` and `fractional`. */
export function haveWordInCommon(one: Set<string>, other: Set<string>): boolean {
  const families = new Set([...other].map((stem) => stem.slice(0, 5)));
  return [...one].some((stem) => other.has(stem) || (stem.length >= 5 && families.has(stem.slice(0, 5))));
}

/**
 * The words a text is about, as they were written and the weightiest first: long words, repeated words, and
 * those the tool speaks of too. Of equals the later comes first, as sentences end with their news.
 */
export function findKeyWords(text: string, favoured: Set<string>, limit: number): string[] {
  const found = new Map<string, { word: string; weight: number; at: number }>();
  for (const [at, word] of (text.match(WORD) ?? []).entries()) {
    if (word.length < 3 || word.length > 30 || STOP_WORDS.has(word.toLowerCase())) continue;
    const stem = findStem(word);
    const known = found.get(stem);
    if (known) {
      known.weight += 2;
      continue;
    }
    // Adverbs and verbs in -ing or -ed are rarely what a sentence is about.
    const weak = /(ly|ing|ed)$/.test(stem) ? 3 : 0;
    const weight = Math.min(word.length, 10) - weak + (favoured.has(stem) ? 8 : 0);
    found.set(stem, { word: at === 0 ? word.toLowerCase() : word, weight, at });
  }
  return [...found.values()]
    .sort((one, other) => other.weight - one.weight || other.at - one.at)
    .slice(0, limit)
    .map(({ word }) => word.replace(/[’'-]+$/, ''));
}
