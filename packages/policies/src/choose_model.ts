/** Whether a list names a model; an entry that ends in `*` stands for all that begin so. */
function lists(list: readonly string[], model: string): boolean {
  return list.some((entry) => (entry.endsWith('*') ? model.startsWith(entry.slice(0, -1)) : entry === model));
}

/** Whether every one of the lists, of a group and those above it, lets a model pass. */
export function allowsModel(allowLists: readonly (readonly string[])[], model: string): boolean {
  return allowLists.every((list) => lists(list, model));
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
  if (asked !== undefined) return allowsModel(allowLists, asked) ? asked : null;
  if (allowsModel(allowLists, ownChoice)) return ownChoice;
  return (
    (allowLists[0] ?? []).find((model) => !model.endsWith('*') && allowsModel(allowLists, model)) ?? null
  );
}
