/** "Ada", "Ada and Ben", "Ada, Ben and Cleo": nobody is left out. */
export function listNames(names: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(names).replace(/, and /, ' and ');
}
