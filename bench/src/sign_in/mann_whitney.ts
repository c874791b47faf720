/**
 * How likely two samples as different as these are when both come from one distribution: the two-sided Mann-Whitney U
 * test by its normal approximation, with the correction for ties. For samples of 20 and more.
 */
export function mannWhitney(one: readonly number[], other: readonly number[]): number {
  const all = [
    ...one.map((value) => ({ value, ofOne: true })),
    ...other.map((value) => ({ value, ofOne: false })),
  ];
  all.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let from = 0; from < all.length; ) {
    let until = from + 1;
    while (until < all.length && all[until]?.value === all[from]?.value) until++;
    const tied = until - from;
    // Ranks count from 1; those who are alike share the middle of theirs.
    const rank = (from + 1 + until) / 2;
    rankSum += rank * all.slice(from, until).filter(({ ofOne }) => ofOne).length;
    ties += tied ** 3 - tied;
    from = until;
  }
  const [m, n] = [one.length, other.length];
  const count = m + n;
  const u = rankSum - (m * (m + 1)) / 2;
  const variance = ((m * n) / 12) * (count + 1 - ties / (count * (count - 1)));
  if (variance === 0) return 1;
  return 2 * (1 - normal(Math.abs(u - (m * n) / 2) / Math.sqrt(variance)));
}

/** The share of a normal distribution below `z` (Abramowitz and Stegun 26.2.17, to 7.5e-8), for `z` from 0. */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
