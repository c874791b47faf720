import { seededRandom } from '../../../backend/src/db/seeds/seeded_random';

/** Dice that fall the same way for the same seed. */
export function dice(seed: number) {
  const next = seededRandom(Math.imul(seed, 0x9e3779b1));
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    oneIn: (count: number) => below(count) === 0,
    shuffle<T>(list: readonly T[]): T[] {
      return list
        .map((value) => ({ value, place: next() }))
        .sort((a, b) => a.place - b.place)
        .map(({ value }) => value);
    },
  };
}
