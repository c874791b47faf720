type TreeNode = { children?: TreeNode[] };

const maxDepth = 60;

/**
 * A rehype plug-in that refuses trees no person writes: a browser lays out nested elements by recursion, and
 * some thousands of them end the tab.
 * @throws Error when elements are nested deeper than 60.
 */
export function limitDepth() {
  return (tree: TreeNode) => {
    let level = [tree];
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > maxDepth) throw new Error('nested too deeply to be shown as Markdown');
      level = level.flatMap((node) => node.children ?? []);
    }
  };
}
