const firstMs = 500;
const mostMs = 30_000;

/** Over how long whoever a server sends away at once comes back, ms: 3,000 browsers are then 1,000 a second. */
const farewellMs = 3_000;
/** Over how long browsers come back that all learn in one moment that the network is there again, ms. */
const networkBackMs = 1_000;

/** How long to wait when everybody was told the same in the same moment. @param random 0 up to 1 */
export function spreadMs(news: 'farewell' | 'network_back', random: number): number {
  return random * (news === 'farewell' ? farewellMs : networkBackMs);
}

/**
 * How long to wait after so many failures in a row: doubling from half a second to half a minute, at random
 * between half and the whole of it, so that a school does not come back in one instant.
 * @param failures from 1
 * @param random 0 up to 1
 * @returns milliseconds
 */
export function backoffMs(failures: number, random: number): number {
  const whole = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 20));
  return whole * (0.5 + random / 2);
}
