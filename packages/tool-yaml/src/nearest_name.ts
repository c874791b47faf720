/**
 * The one name a person most likely meant: the same but for case and separators, at most two slips away
 * (one for short names), or one of the two the beginning of the other.
 * @returns undefined when nothing is near, or two names are equally near
 */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const plain = plainName(written);
  if (plain === '' || plain.length > 40) return undefined;
  let best: { name: string; slips: number } | undefined;
  let tied = false;
  for (const name of names) {
    const other = plainName(name);
    const allowed = Math.min(plain.length, other.length) >= 5 ? 2 : 1;
    const begins =
      Math.min(plain.length, other.length) >= 4 && (plain.startsWith(other) || other.startsWith(plain));
    const counted = countSlips(plain, other);
    const slips = counted <= allowed ? counted : begins ? 3 : 99;
    if (slips === 99) continue;
    tied = slips === best?.slips;
    if (!best || slips < best.slips) best = { name, slips };
  }
  return tied ? undefined : best?.name;
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '');
}

/** Letters added, left out, replaced or swapped with their neighbour (optimal string alignment). */
function countSlips(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 99;
  let last: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (last[j - 2] ?? 0) + 1);
      next.push(cost);
    }
    last = row;
    row = next;
  }
  return row[b.length] ?? 99;
}
