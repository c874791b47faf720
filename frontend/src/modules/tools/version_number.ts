/** -1, 0 or 1, as numbers: 1.10.0 is above 1.9.0. Both are `major.minor.patch`. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (const at of [0, 1, 2]) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

/** One minor step above the highest of `versions`; 1.0.0 when there is none. */
export function nextVersion(versions: readonly string[]): string {
  const highest = [...versions].sort(compareVersions).at(-1);
  if (!highest) return '1.0.0';
  const [major = 1, minor = 0] = highest.split('.').map(Number);
  return `${major}.${minor + 1}.0`;
}

const versionLine = /^version[ \t]*:.*$/m;
const nameLine = /^name[ \t]*:.*$/m;

function withLine(yaml: string, pattern: RegExp, line: string): string {
  // a function, so that `$` in a name is not read as a group
  return pattern.test(yaml) ? yaml.replace(pattern, () => line) : `${line}\n${yaml}`;
}

/** The same text with another version; everything else, comments too, stays as it was typed. */
export function withVersion(yaml: string, version: string): string {
  return withLine(yaml, versionLine, `version: ${version}`);
}

/** The same text under another name. */
export function withName(yaml: string, name: string): string {
  return withLine(yaml, nameLine, `name: ${JSON.stringify(name)}`);
}
