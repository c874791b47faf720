const versionNumber = /^v?(0|[1-9]\d{0,5})(?:\.(0|[1-9]\d{0,5}))?(?:\.(0|[1-9]\d{0,5}))?$/i;

/** `2`, `2.1` and `v2.1.0` in full, as `major.minor.patch`. @returns undefined for what is no version */
export function completeVersion(written: string): string | undefined {
  const parts = versionNumber.exec(written.trim());
  return parts ? [parts[1], parts[2] ?? 0, parts[3] ?? 0].join('.') : undefined;
}

/** @param version in full */
export function raiseVersion(version: string, release: 'patch' | 'minor'): string {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return release === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}
