/** "1 pupil", "27 pupils", "no pupils". */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return count === 0 ? `no ${many}` : `${new Intl.NumberFormat().format(count)} ${count === 1 ? one : many}`;
}
