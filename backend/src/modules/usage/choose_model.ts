/** Whether a list names a model; an entry that ends in `*` stands for all that begin so. */
function lists(list: readonly string[], model: string): boolean {
  return list.some((entry) => (entry.endsWith('*') ? model.startsWith(entry.slice(0, -1)) : entry === model));
}

/**
 * The model that answers: the one a tool asks for, or else the installation's own, or else the first that the
 * most specific list names.
 * @param allowLists of a group and those above it, the most specific first; each must allow the model
 * @returns null when they do not allow the one that is asked for, or none at all
 */
export function chooseModel(
  asked: string | undefined,
  ownChoice: string,
  allowLists: readonly (readonly string[])[],
): string | null {
  const allowed = (model: string) => allowLists.every((list) => lists(list, model));
  if (asked !== undefined) return allowed(asked) ? asked : null;
  if (allowed(ownChoice)) return ownChoice;
  return (allowLists[0] ?? []).find((model) => !model.endsWith('*') && allowed(model)) ?? null;
}
