import { createHash } from 'node:crypto';

/** Chooses and fills phrases. The same conversation always leads to the same choices. */
export type Speaker = {
  /** one phrase of the list, with `{name}` replaced; one that was not used in this conversation, while there is one */
  say(phrases: readonly string[], fills?: Record<string, string>): string;
  pick<Item>(items: readonly Item[]): Item | undefined;
};

function fill(phrase: string, fills: Record<string, string>): string {
  return phrase.replace(/\{(\w+)\}/g, (whole, name: string) => fills[name] ?? whole);
}

export function createSpeaker(conversation: string, saidBefore: string): Speaker {
  let state = createHash('sha256').update(conversation).digest().readUInt32LE(0);
  // A linear congruence is plenty for choosing phrases; its high bits are the good ones.
  const draw = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  /** the longest stretch of a phrase that is the same whatever is filled in */
  const findCore = (phrase: string) =>
    phrase.split(/\{\w+\}/).reduce((longest, part) => (part.length > longest.length ? part : longest), '');
  return {
    say(phrases, fills = {}) {
      const first = draw(phrases.length);
      const turned = [...phrases.slice(first), ...phrases.slice(0, first)];
      const fresh = turned.find((phrase) => !saidBefore.includes(findCore(phrase)));
      return fill(fresh ?? turned[0] ?? '', fills);
    },
    pick: (items) => items[draw(items.length)],
  };
}
