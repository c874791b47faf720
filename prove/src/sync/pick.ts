/** The item that a number from 0 up to, not including, 1 falls on. */
export function pick<T>(list: readonly T[], choice: number): T {
  const item = list[Math.floor(choice * list.length)];
  if (item === undefined) throw new Error('nothing to pick');
  return item;
}
