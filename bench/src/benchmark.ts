export type Benchmark = {
  title: string;
  peer: string;
  /** the ratio from which on we are content; above 1 we are better than the peer */
  target: number;
  lowerIsBetter: boolean;
  /** Starts both, lets them take turns so that a noisy machine is noisy for both, and gives the medians. */
  measure(): Promise<{ rows: Record<string, string | number>[]; ours: number; theirs: number }>;
};

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[sorted.length % 2 ? middle : middle - 1],
    sorted[middle],
  ];
  return (low + high) / 2;
}
