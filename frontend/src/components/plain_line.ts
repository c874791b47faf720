const longest = 240;

/** The beginning of a message as one line without its marks, for lists; never for reading the message itself. */
export function plainLine(markdown: string): string {
  return markdown
    .slice(0, longest * 3)
    .replace(/^[ \t]*(```|~~~).*$/gm, ' ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^[ \t]*(#{1,6}|>|[-*+]|\d+[.)])[ \t]+/gm, '')
    .replace(/(\*\*|__|~~|\$\$|`+)(?=\S)([\s\S]*?\S)\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}])([*_])(?=\S)([^*_]*\S)\1(?![\p{L}\p{N}])/gu, '$2')
    .replace(/\$(?=[^\s$])([^$\n]*[^\s$])\$(?!\d)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, longest);
}
