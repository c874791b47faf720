type Page<T> = { items: T[]; cursor: string | null };

/** A list to its end, page after page. */
export async function allPages<T, I extends object>(
  read: (input: (I & { limit: number }) | { cursor: string }) => Promise<Page<T>>,
  first: I,
): Promise<T[]> {
  let page = await read({ ...first, limit: 100 });
  const items = [...page.items];
  while (page.cursor !== null) {
    page = await read({ cursor: page.cursor });
    items.push(...page.items);
  }
  return items;
}
