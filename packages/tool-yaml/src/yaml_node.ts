/** What a tool's YAML says, with the place of everything: offsets in UTF-16 units, end exclusive. */
export type YamlNode = YamlScalar | YamlMap | YamlList;

export type YamlScalar = {
  kind: 'scalar';
  from: number;
  to: number;
  value: string | number | boolean | null;
  /** the text as it reads, which tells 1.0 from 1 and 007 from 7 */
  source: string;
  /** neither quoted nor a block: what it is was read from how it looks */
  plain: boolean;
  /** nothing was written; the place is that of the key or dash it belongs to */
  empty: boolean;
};
export type YamlEntry = { key: string; keyFrom: number; keyTo: number; node: YamlNode };
export type YamlMap = { kind: 'map'; from: number; to: number; flow: boolean; entries: YamlEntry[] };
export type YamlList = { kind: 'list'; from: number; to: number; flow: boolean; items: YamlNode[] };

export type YamlPath = readonly (string | number)[];

/** The plain value; depth is bounded by the reader, and keys that would touch a prototype never get here. */
export function plainValueOf(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValueOf);
  return Object.fromEntries(node.entries.map((entry) => [entry.key, plainValueOf(entry.node)]));
}

/** The entry a step of a path leads to; a list item has no key. */
function stepInto(node: YamlNode, step: string | number): { node: YamlNode; entry?: YamlEntry } | undefined {
  if (node.kind === 'list') {
    const item = typeof step === 'number' ? node.items[step] : undefined;
    return item && { node: item };
  }
  const entry = node.kind === 'map' ? node.entries.find((one) => one.key === step) : undefined;
  return entry && { node: entry.node, entry };
}

/** @returns what stands at a path, as deep as it leads, and whether it led all the way */
export function findNode(
  root: YamlNode,
  path: YamlPath,
): { node: YamlNode; entry?: YamlEntry; complete: boolean } {
  let place: { node: YamlNode; entry?: YamlEntry } = { node: root };
  for (const step of path) {
    const next = stepInto(place.node, step);
    if (!next) return { ...place, complete: false };
    place = next;
  }
  return { ...place, complete: true };
}
