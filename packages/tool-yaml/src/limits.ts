/** Far beyond any tool a teacher writes, far below what could slow a server down. */
export const limits = {
  /** of UTF-8 */
  bytes: 65_536,
  /** maps and lists inside each other */
  depth: 32,
  /** keys, values, lists and maps together */
  nodes: 5_000,
  /** problems told at once */
  problems: 100,
};
