/** Milliseconds since 1970 with fractions: the same in every process of a machine, to some microseconds. */
export function clock(): number {
  return performance.timeOrigin + performance.now();
}
